#pragma once
// Collects what is wrong with one file while it is read.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/catalogue.h"

namespace kiepe::catalogue {

using Args = std::vector<std::pair<std::string, std::string>>;

class Report {
public:
    Report(std::vector<Finding>& findings, std::string file) : findings_(findings), file_(std::move(file)) {}

    void error(int line, std::string code, Args args = {}) { add(Finding::Severity::error, line, std::move(code), std::move(args)); }
    void warn(int line, std::string code, Args args = {}) { add(Finding::Severity::warning, line, std::move(code), std::move(args)); }
    void note(int line, std::string code, Args args = {}) { add(Finding::Severity::note, line, std::move(code), std::move(args)); }
    const std::string& file() const { return file_; }
    std::vector<Finding>& findings() { return findings_; }

private:
    void add(Finding::Severity severity, int line, std::string code, Args args) {
        findings_.push_back({severity, std::move(code), file_, line, std::move(args)});
    }
    std::vector<Finding>& findings_;
    std::string file_;
};

/// The nearest of `known` to a mistyped word, "" where none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace kiepe::catalogue
