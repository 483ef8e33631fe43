#pragma once
// For tests of all rooms: a fresh database on either engine. SQLite lies in a folder of its own; PostgreSQL where
// KIEPE_TEST_POSTGRES holds a libpq URI (script/with-postgres), each test in a schema of its own.
//
//   class Cases : public kiepe::store::OnBothEngines {};
//   TEST_P(Cases, does_something) { database().write(...); }
//   INSTANTIATE_TEST_SUITE_P(Engines, Cases, testing::ValuesIn(kiepe::store::kEngines));
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "base/id.h"
#include "store/store.h"

namespace kiepe::store {

inline constexpr const char* kEngines[] = {"sqlite", "postgresql"};

class TestDatabase {
public:
    /// Precondition: engine "sqlite", or KIEPE_TEST_POSTGRES is set.
    explicit TestDatabase(const std::string& engine) : name_("t" + random_token()) {
        if (engine == "sqlite") {
            folder_ = std::filesystem::temp_directory_path() / ("kiepe-" + name_);
            std::filesystem::create_directories(folder_);
            where_ = "sqlite:" + (folder_ / "kiepe.db").string();
        } else {
            const std::string server = std::getenv("KIEPE_TEST_POSTGRES");
            schema("create schema " + name_);
            where_ = server + (server.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" + name_;
        }
        reopen();
    }
    ~TestDatabase() {
        database_.reset();
        if (!folder_.empty()) {
            std::error_code ignored;
            std::filesystem::remove_all(folder_, ignored);
        } else {
            schema("drop schema " + name_ + " cascade");
        }
    }
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    void close() { database_.reset(); }
    void reopen() {
        database_.reset();
        database_ = open(where_);
    }
    Database& operator*() { return *database_; }
    const std::string& where() const { return where_; }

private:
    static void schema(const std::string& statement) {
        open(std::getenv("KIEPE_TEST_POSTGRES"))->write([&](Session& session) { session.run({{}, statement}); });
    }

    const std::string name_;
    std::filesystem::path folder_;
    std::string where_;
    std::unique_ptr<Database> database_;
};

class OnBothEngines : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        if (std::string(GetParam()) == "postgresql" && !std::getenv("KIEPE_TEST_POSTGRES")) GTEST_SKIP() << "skipped: no PostgreSQL";
        test_database_ = std::make_unique<TestDatabase>(GetParam());
    }
    Database& database() { return **test_database_; }
    TestDatabase& test_database() { return *test_database_; }
    bool sqlite() const { return std::string(GetParam()) == "sqlite"; }

private:
    std::unique_ptr<TestDatabase> test_database_;
};

}  // namespace kiepe::store
