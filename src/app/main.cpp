// The command line: `kiepe serve`, `kiepe package check`, `kiepe dmn test` ... Wiring is in house.cpp.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <thread>

#include "app/bench_command.h"
#include "app/compare_command.h"
#include "app/house.h"
#include "app/package_commands.h"
#include "app/rules_commands.h"
#include "base/date.h"
#include "base/log.h"
#include "dmn/tck.h"

namespace {

using namespace kiepe;

int say_error(const Error& error) {
    std::cerr << app::message("error_" + error.code, {{"where", error.where}, {"detail", error.detail}}, error) << "\n";
    return 2;
}

app::Settings where_data_is(app::Settings settings, const std::string& data, const std::string& database) {
    if (!data.empty()) {
        settings.database = "sqlite:" + data + "/kiepe.db";
        settings.keys = data + "/keys";
    }
    if (!database.empty()) settings.database = database;
    return settings;
}

Result<std::unique_ptr<app::House>> open_house(const std::string& config, const std::string& data, int port, const std::string& database) {
    auto read = app::read_settings(config);
    if (!read) return read.error();
    auto settings = where_data_is(std::move(*read), data, database);
    if (port >= 0) settings.port = std::uint16_t(port);
    return app::House::open(settings);
}

int serve(app::House& house) {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);  // before any thread starts, so that only sigwait below sees them
    house.serve();
    std::cout << app::message("cli_serving", {{"address", "http://127.0.0.1:" + std::to_string(house.port()) + "/"}}) << "\n";
    if (auto logins = house.demo_logins(); !logins.empty())
        std::cout << app::message("cli_logins", {{"address", "http://127.0.0.1:" + std::to_string(house.port()) + "/de/desk"}}) << "\n" << logins;
    std::cout.flush();
    int got = 0;
    sigwait(&stop, &got);
    house.stop();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App cli{"Kiepe, the open city platform"};
    cli.require_subcommand(1);
    std::string config = "config/kiepe.yaml", data, database, folder, package_dir, cases_file;
    int port = -1;
    std::vector<std::string> dirs;
    cli.add_option("--config", config, "settings file");
    cli.add_option("--data", data, "folder for SQLite database and keys");
    cli.add_option("--database", database, "sqlite:FILE or postgresql://...");

    auto* serve_command = cli.add_subcommand("serve", "serve the city");
    serve_command->add_option("--port", port, "port, 0 for any");
    auto* package = cli.add_subcommand("package", "service packages");
    package->require_subcommand(1);
    auto* check = package->add_subcommand("check", "check packages and run their examples");
    check->add_option("DIR", dirs)->required();
    app::CheckOutput check_output;
    check->add_flag("--all", check_output.all, "notes one by one: values to be compared with the gazette, what was not looked at");
    check->add_flag("--json", check_output.json, "one JSON document instead of lines");
    auto* decide = package->add_subcommand("decide", "decide one case a line");
    decide->add_option("DIR", package_dir)->required();
    decide->add_option("CASES", cases_file)->required();
    app::CompareRequest reform;
    auto* compare = package->add_subcommand("compare", "what changed rules or changed law would change");
    compare->add_option("DIR", reform.folder, "the package as it is in force")->required();
    compare->add_option("NEW", reform.changed, "folder with its changed files");
    compare->add_option("--law", reform.law, "changed file of the law, or a folder of them");
    compare->add_option("--cases", reform.cases, "made, examples, stored, or a file with one application a line");
    compare->add_option("--in-force", reform.in_force, "the day as whose law both are taken; no: each application by its own day");
    compare->add_option("--count", reform.count, "made applications")->check(CLI::Range(1, 1'000'000));
    compare->add_option("--seed", reform.seed, "of the made applications");
    compare->add_option("--language", reform.language, "of headline and explanations")->check(CLI::IsMember({"de", "en"}));
    compare->add_option("--json", reform.json, "file for everything, machine-readable");
    compare->add_flag("--list", reform.list, "each change with its explanation, not one of each kind");
    compare->add_flag("--late", reform.late, "decisions of the database that a late change of the law reaches");
    app::FairnessCommand flips;
    auto* fairness = package->add_subcommand("fairness", "flip what must not matter: decision, promise and wording must stay");
    fairness->add_option("DIR", flips.dirs)->required();
    fairness->add_option("--cases", flips.cases, "made applications of each package, besides its examples")->check(CLI::Range(0, 1'000'000));
    fairness->add_option("--seed", flips.seed, "of the made applications");
    fairness->add_option("--json", flips.json, "file for the reports, machine-readable; - for the standard output");
    auto* dmn = cli.add_subcommand("dmn", "decision models");
    dmn->require_subcommand(1);
    auto* dmn_test = dmn->add_subcommand("test", "run test files of the DMN conformance kit");
    dmn_test->add_option("DIR", dirs)->required();
    auto* bench = cli.add_subcommand("bench", "measure");
    bench->require_subcommand(1);
    auto* bench_dmn = bench->add_subcommand("dmn", "the decision engine beside others, one table");
    bench_dmn->prefix_command();  // what follows is for the bench program
    auto* jobs = cli.add_subcommand("jobs", "run the jobs that are due");
    auto* verify = cli.add_subcommand("verify", "check the hash chains of all cases");
    auto* backup = cli.add_subcommand("backup", "copy database and keys into a folder");
    backup->add_option("FOLDER", folder)->required();
    CLI11_PARSE(cli, argc, argv);

    if (*bench_dmn) return app::run_dmn_bench(bench_dmn->remaining(), std::cerr);
    if (*dmn_test) return dmn::run_tck(dirs, std::cout);
    auto settings = app::read_settings(config);
    if (!settings) return say_error(settings.error());
    if (*check) return app::check_packages(*settings, dirs, check_output, std::cout);
    if (*fairness) return app::check_fairness(*settings, flips, local_day(SystemClock().now()), std::cout);
    if (*decide) return app::decide_cases(*settings, package_dir, cases_file, std::cout);
    if (*compare) return app::compare_packages(where_data_is(*settings, data, database), reform, std::cout);

    auto house = open_house(config, data, port, database);
    if (!house) return say_error(house.error());
    if (*serve_command) return serve(**house);
    if (*jobs) return std::cout << (*house)->run_due_jobs() << "\n", 0;
    if (*backup) return (*house)->backup(folder), 0;
    if (*verify) {
        const auto broken = (*house)->verify();
        std::cout << (broken.empty() ? app::message("cli_whole", {}) : broken) << "\n";
        return broken.empty() ? 0 : 1;
    }
    return 2;
}
