#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdio>

#include "store/postgresql_connection.h"

extern char** environ;

namespace kiepe::store {
namespace {

/// The child's environment: ours, then what the URI says under the names that libpq reads (PGHOST, PGPASSWORD ...).
std::vector<std::string> environment_of(const std::string& uri) {
    std::vector<std::string> out;
    char* error = nullptr;
    PQconninfoOption* options = PQconninfoParse(uri.c_str(), &error);
    PQfreemem(error);
    if (!options) throw Failure(Failure::Kind::unavailable, "the address of the database is no libpq URI");
    for (const auto* option = options; option->keyword; ++option) {
        if (option->val && option->envvar) out.push_back(std::string(option->envvar) + "=" + option->val);
    }
    PQconninfoFree(options);
    for (char** variable = environ; *variable; ++variable) {
        if (!std::string_view(*variable).starts_with("PG")) out.emplace_back(*variable);
    }
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

}  // namespace

void dump_postgresql(const std::string& uri, const std::string& file) {
    const auto unfinished = file + ".part";
    std::vector<std::string> arguments{"pg_dump", "--format=custom", "--file=" + unfinished};
    auto variables = environment_of(uri);
    pid_t child = 0;
    int status = posix_spawnp(&child, "pg_dump", nullptr, nullptr, pointers(arguments).data(), pointers(variables).data());
    if (status != 0) throw Failure(Failure::Kind::unavailable, "pg_dump cannot be started");
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0 || std::rename(unfinished.c_str(), file.c_str()) != 0) {
        std::remove(unfinished.c_str());
        throw Failure(Failure::Kind::other, "pg_dump failed");
    }
}

}  // namespace kiepe::store
