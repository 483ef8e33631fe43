// kill -9 in the middle of concurrent writes: whatever was acknowledged is there afterwards, once.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include "base/date.h"
#include "base/text.h"
#include "store/journal.h"
#include "store/test_database.h"

extern char** environ;

namespace kiepe::store {
namespace {

SqlText both(std::string_view text) { return {text, text}; }
const Moment kNow = *parse_moment("2026-11-24T10:00:00.000Z");
constexpr const char* kWhere = "KIEPE_CRASH_WHERE";
constexpr const char* kAcknowledged = "KIEPE_CRASH_ACKNOWLEDGED";

/// One submission as a room makes it: a row of its own and an event.
void submit(Database& database, const std::string& key) {
    const auto id = random_id();
    database.write([&](Session& session) {
        session.run(both("insert into submissions (id, key) values ($1, $2)"), {id, key});
        append(session, id, "submitted", kNow, "applicant", "", R"({"key":")" + key + "\"}");
    });
}

TEST(CrashChild, submits_until_it_is_killed) {
    if (!std::getenv(kWhere)) GTEST_SKIP() << "only started by the crash test";
    const auto database = open(std::getenv(kWhere));
    const int file = ::open(std::getenv(kAcknowledged), O_WRONLY | O_APPEND | O_CREAT, 0600);
    ASSERT_GE(file, 0);
    std::vector<std::thread> writers;
    for (int i = 0; i < 20; ++i) {
        writers.emplace_back([&] {
            while (true) {
                const auto key = random_token();
                submit(*database, key);
                if (::write(file, (key + "\n").data(), key.size() + 1) < 0) return;
            }
        });
    }
    for (auto& writer : writers) writer.join();
}

class Crash : public OnBothEngines {
protected:
    static std::uintmax_t size_of(const std::string& file) {
        std::error_code none;
        const auto size = std::filesystem::file_size(file, none);
        return none ? 0 : size;
    }
    /// A second copy of this program that submits; killed without warning `time` after it acknowledged its first ones.
    void submit_and_kill(const std::string& acknowledged, std::chrono::milliseconds time) {
        std::vector<std::string> arguments{"/proc/self/exe", "--gtest_filter=CrashChild.*"};
        std::vector<std::string> variables{std::string(kWhere) + "=" + test_database().where(), std::string(kAcknowledged) + "=" + acknowledged};
        std::vector<char*> argv, envp;
        for (auto& argument : arguments) argv.push_back(argument.data());
        for (auto& variable : variables) envp.push_back(variable.data());
        for (char** variable = environ; *variable; ++variable) envp.push_back(*variable);
        argv.push_back(nullptr);
        envp.push_back(nullptr);
        posix_spawn_file_actions_t quiet;
        posix_spawn_file_actions_init(&quiet);
        posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
        pid_t child = 0;
        ASSERT_EQ(posix_spawn(&child, argv[0], &quiet, nullptr, argv.data(), envp.data()), 0);
        posix_spawn_file_actions_destroy(&quiet);
        const auto before = size_of(acknowledged);
        for (int i = 0; i < 2000 && size_of(acknowledged) < before + 25 * 27; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(time);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
    }
    std::map<std::string, std::int64_t> stored() {
        std::map<std::string, std::int64_t> out;
        database().read([&](Session& session) {
            for (const auto& row : session.query(both("select key, count(*) from submissions group by key"))) out[row.text(0)] = row.number(1);
            EXPECT_FALSE(verify_all(session));
            EXPECT_EQ(session.query(both("select count(*) from submissions s where not exists "
                                         "(select 1 from events e where e.case_id = s.id)"))[0].number(0), 0);
        });
        return out;
    }
};

TEST_P(Crash, loses_and_doubles_nothing_that_was_acknowledged) {
    database().migrate(migrations(), kNow);
    database().write([](Session& session) { session.run(both("create table submissions (id bigint primary key, key text not null)")); });
    test_database().close();
    const auto acknowledged = (std::filesystem::temp_directory_path() / ("kiepe-acknowledged-" + random_token())).string();
    for (const int milliseconds : {0, 50, 200}) {
        submit_and_kill(acknowledged, std::chrono::milliseconds(milliseconds));
        const auto opening = std::chrono::steady_clock::now();
        test_database().reopen();
        EXPECT_LT(std::chrono::steady_clock::now() - opening, std::chrono::seconds(2));
        const auto rows = stored();
        auto keys = split(read_file(acknowledged), '\n');
        std::erase_if(keys, [](const std::string& key) { return key.size() != 26; });  // the last line may be torn
        EXPECT_GT(keys.size(), 20u);
        for (const auto& key : keys) {
            ASSERT_TRUE(rows.contains(key)) << "acknowledged and lost";
            EXPECT_EQ(rows.at(key), 1);
        }
        submit(database(), random_token());
        test_database().close();
    }
    std::filesystem::remove(acknowledged);
}

INSTANTIATE_TEST_SUITE_P(Engines, Crash, testing::ValuesIn(kEngines));

}  // namespace
}  // namespace kiepe::store
