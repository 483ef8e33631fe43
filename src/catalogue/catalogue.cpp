#include "catalogue/catalogue.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "catalogue/changed.h"
#include "catalogue/city_reader.h"
#include "catalogue/folder.h"
#include "catalogue/law_reader.h"
#include "catalogue/overrides.h"
#include "catalogue/package_reader.h"
#include "catalogue/service_search.h"

namespace kiepe::catalogue {

struct Catalogue::Impl {
    Law law;
    City city;
    std::shared_ptr<const Package> common;
    std::map<std::string, std::shared_ptr<const Package>> packages;
    std::vector<const Package*> by_name;
    std::vector<Situation> situations;
    std::shared_ptr<const Search> search;
};

namespace {

using Files = std::map<std::string, std::string>;

std::string folder_name(const std::string& folder) {
    std::filesystem::path path(folder);
    if (path.filename().empty()) path = path.parent_path();
    return path.filename().string();
}

struct Loader {
    const Catalogue::Source& source;
    std::shared_ptr<const language::Texts> texts;
    std::vector<Finding>& findings;
    Catalogue::Impl impl = {};
    std::map<std::string, Files> packages = {};
    Files origins = {};      ///< "package/path" -> file
    Files city_files = {};
    std::string city_place = {};

    void law() {
        Files files;
        for (auto& [path, content] : read_folder(source.law))
            if (path.size() > 5 && path.substr(path.size() - 5) == ".yaml") files["law/" + path] = std::move(content);
        for (const auto& [path, content] : city_files)
            if (path.rfind("law/", 0) == 0) files[city_place + "/" + path] = content;
        impl.law = read_law(files, findings, source.production);
    }

    void city() {
        city_place = "cities/" + folder_name(source.city);
        city_files = read_folder(source.city);
        impl.city = read_city(city_files, city_place, findings);
    }

    void gather() {
        packages = read_folders(source.packages);
        Files own;
        for (const auto& [path, content] : city_files)
            if (path.rfind("packages/", 0) == 0) own[path.substr(9)] = content;
        Report report(findings, city_place + "/packages/overrides.yaml");
        std::vector<Override> overrides;
        if (const auto file = own.find("overrides.yaml"); file != own.end()) overrides = read_overrides(file->second, report);
        apply_overrides(overrides, own, city_place + "/packages", packages, origins, report);
    }

    std::string origin(const std::string& file) const {
        const auto replaced = origins.find(file);
        return replaced == origins.end() ? source.packages + "/" + file : replaced->second;
    }

    void common() {
        Files files, from;
        for (const auto& [path, content] : packages["common"]) {
            files["common/" + path] = content;
            from["common/" + path] = origin("common/" + path);
        }
        impl.common = build_common(files, from, texts, findings);
        impl.situations = impl.city.situations;
        if (!impl.situations.empty()) return;
        if (const auto file = files.find("common/situations.yaml"); file != files.end()) {
            Report report(findings, origin("common/situations.yaml"));
            impl.situations = read_situations(file->second, report);
            impl.city.situations = impl.situations;
        }
    }

    void services() {
        for (const auto& [name, own] : packages) {
            if (name == "common" || !own.count("service.yaml")) continue;
            Files files = impl.common->files, from = impl.common->origins;
            files.erase("common/situations.yaml");  // no part of a decision
            for (const auto& [path, content] : own) {
                files[path] = content;
                from[path] = origin(name + "/" + path);
            }
            const std::size_t before = findings.size();
            auto package = build_package(files, from, impl.law, texts, findings);
            if (package->service.id != name)
                findings.push_back({Finding::Severity::error, "package_other_id", from["service.yaml"], 1, {{"id", package->service.id}, {"folder", name}}});
            if (!has_errors(findings, before)) impl.packages[name] = std::move(package);  // a broken one is never offered
        }
    }

    void finish() {
        std::vector<std::pair<std::string, std::size_t>> names;
        std::vector<const Package*> all;
        for (const auto& [id, package] : impl.packages) {
            names.emplace_back(package->service.name.german, all.size());
            all.push_back(package.get());
        }
        language::sort_by_locale("de", names);
        for (const auto& [name, index] : names) impl.by_name.push_back(all[index]);
        std::vector<std::string> languages{"de", "en"};
        if (texts) languages = texts->languages();
        impl.search = make_search(impl.by_name, impl.situations, *impl.common, languages);
    }
};

Files with(Files files, const Files& replaced) {
    for (const auto& [path, content] : replaced) files[path] = content;
    return files;
}

}  // namespace

Result<std::shared_ptr<const Catalogue>> changed(std::shared_ptr<const Catalogue> base, std::string_view service, const Files& package_files,
                                                 const Files& law_files, bool production, std::vector<Finding>& findings, const Files& origins) {
    const Package* old = base->package(service);
    if (!old) return Error{"unknown_service", std::string(service)};
    const std::size_t before = findings.size();
    Catalogue::Impl impl;
    impl.law = law_files.empty() ? base->law() : read_law(with(base->law().files(), law_files), findings, production);
    impl.city = base->city();
    impl.common = {base, &base->common()};
    impl.situations = base->situations();
    impl.search = {base, &base->search()};
    auto package = build_package(with(old->files, package_files), with(old->origins, origins), impl.law, old->texts, findings);
    if (package->service.id != service)
        findings.push_back({Finding::Severity::error, "package_other_id", "service.yaml", 1, {{"id", package->service.id}, {"folder", std::string(service)}}});
    if (has_errors(findings, before)) return Error{"package_changed_wrong", std::string(service)};
    for (const Package* each : base->packages()) {
        const bool this_one = each->service.id == service;
        impl.packages[each->service.id] = this_one ? std::shared_ptr<const Package>(package) : std::shared_ptr<const Package>(base, each);
        impl.by_name.push_back(impl.packages[each->service.id].get());
    }
    return std::shared_ptr<const Catalogue>(std::make_shared<Catalogue>(std::make_shared<const Catalogue::Impl>(std::move(impl))));
}

Result<std::shared_ptr<const Catalogue>> Catalogue::load(const Source& source, std::shared_ptr<const language::Texts> texts,
                                                         std::vector<Finding>& findings) {
    Loader loader{source, std::move(texts), findings};
    loader.city();
    if (loader.impl.city.id.empty()) return Error{"catalogue_no_city", source.city, {{"folder", source.city}}};
    loader.law();
    loader.gather();
    loader.common();
    loader.services();
    loader.finish();
    return std::shared_ptr<const Catalogue>(std::make_shared<Catalogue>(std::make_shared<const Impl>(std::move(loader.impl))));
}

Catalogue::Catalogue(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

const Package* Catalogue::package(std::string_view service) const {
    const auto found = impl_->packages.find(std::string(service));
    return found == impl_->packages.end() ? nullptr : found->second.get();
}

std::vector<const Package*> Catalogue::packages() const { return impl_->by_name; }
const Law& Catalogue::law() const { return impl_->law; }
const City& Catalogue::city() const { return impl_->city; }
const Search& Catalogue::search() const { return *impl_->search; }
const Package& Catalogue::common() const { return *impl_->common; }
const std::vector<Situation>& Catalogue::situations() const { return impl_->situations; }

Surroundings Catalogue::surroundings(const Package& package, Day law_day, feel::Value case_facts) const {
    Surroundings around;
    around.case_facts = std::move(case_facts);
    around.city = feel::Value::context({{"ags", feel::Value::string(impl_->city.ags)}, {"name", feel::Value::string(impl_->city.name)}});
    for (const auto& code : package.service.acts) around.acts.emplace_back(Law::feel_name(code), impl_->law.on(code, law_day));
    return around;
}

}  // namespace kiepe::catalogue
