#include "base/date.h"
#include "base/id.h"
#include "catalogue/catalogue.h"
#include "catalogue/law_reader.h"
#include "catalogue/sql.h"

namespace kiepe::catalogue {
namespace {

using Files = std::map<std::string, std::string>;

bool is_kept(store::Database& database, const std::string& hash) {
    bool kept = false;
    database.read([&](store::Session& session) { kept = !session.query(sql::version_exists, {hash}).empty(); });
    return kept;
}

void keep(store::Session& session, const std::string& hash, const char* kind, const std::string& name, const Files& files, Moment now) {
    session.run(sql::version_insert, {hash, std::string(kind), name, to_iso(now)});
    for (const auto& [path, content] : files) {
        const std::string file = sha256_hex(content);
        session.run(sql::file_insert, {file, store::Bytes{content}});
        session.run(sql::version_file_insert, {hash, path, file});
    }
}

Files files_of(store::Session& session, std::string_view hash, const char* kind) {
    Files files;
    for (const auto& row : session.query(sql::version_files, {std::string(hash), std::string(kind)})) files[row.text(0)] = row.bytes(1);
    return files;
}

}  // namespace

std::vector<store::Migration> migrations() { return {{"catalogue", 1, sql::m001_create}}; }

void keep_version(store::Database& database, const Package& package, const Law& law, Moment now) {
    Files law_files;
    for (const auto& code : package.service.acts)
        if (const Act* act = law.act(code))
            for (const auto& file : act->files) law_files[file] = law.files().at(file);
    const std::string law_hash = law.hash(package.service.acts);
    if (is_kept(database, package.hash) && is_kept(database, law_hash)) return;
    database.write([&](store::Session& session) {
        keep(session, package.hash, "package", package.service.id, package.files, now);
        keep(session, law_hash, "law", package.service.id, law_files, now);
    });
}

std::optional<std::map<std::string, std::string>> version(store::Session& session, std::string_view hash) {
    Files files = files_of(session, hash, "package");
    if (files.empty()) return std::nullopt;
    return files;
}

std::optional<Moment> version_kept_at(store::Session& session, std::string_view hash) {
    const auto rows = session.query(sql::version_kept_at, {std::string(hash)});
    return rows.empty() ? std::nullopt : parse_moment(rows[0].text(0));
}

std::optional<Law> law_version(store::Session& session, std::string_view hash) {
    if (session.query(sql::version_exists, {std::string(hash)}).empty()) return std::nullopt;
    std::vector<Finding> findings;  // they were checked when they were kept
    return read_law(files_of(session, hash, "law"), findings, false);
}

}  // namespace kiepe::catalogue
