#include "mail/message.h"

#include <algorithm>
#include <array>

#include "base/id.h"
#include "base/text.h"

namespace kiepe::mail {
namespace {

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

/// RFC 5322 section 3.3: "Tue, 24 Nov 2026 17:31:37 +0000".
std::string date_header(Moment now) {
    static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
    const auto two = [](auto n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + ", " + two(static_cast<unsigned>(date.day())) + ' ' +
           kMonths[static_cast<unsigned>(date.month()) - 1] + ' ' + std::to_string(static_cast<int>(date.year())) + ' ' +
           two(time.hours().count()) + ':' + two(time.minutes().count()) + ':' + two(time.seconds().count()) + " +0000";
}

std::string in_lines(const std::string& base64_text) {
    std::string out;
    for (std::size_t at = 0; at < base64_text.size(); at += 76) out += base64_text.substr(at, 76) + "\r\n";
    return out;
}

std::string with_crlf(std::string_view text) {
    return replace_all(replace_all(std::string(text), "\r\n", "\n"), "\n", "\r\n");
}

}  // namespace

bool valid_address(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == address.npos || at == 0 || at > 64 || address.size() > 254) return false;  // RFC 5321 section 4.5.3.1
    const auto local = address.substr(0, at);
    const auto domain = address.substr(at + 1);
    const auto alnum = [](unsigned char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto atext = [&](unsigned char c) { return alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(static_cast<char>(c)) != std::string_view::npos; };
    if (!std::all_of(local.begin(), local.end(), atext) || local.front() == '.' || local.back() == '.' || local.find("..") != local.npos) return false;
    if (local.front() == '-') return false;  // no option for a program behind the server
    if (domain == "localhost") return true;
    const auto labels = split(domain, '.');
    return labels.size() >= 2 && std::all_of(labels.begin(), labels.end(), [&](const std::string& label) {
        return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
               std::all_of(label.begin(), label.end(), [&](unsigned char c) { return alnum(c) || c == '-'; });
    });
}

Result<void> check(const Mail& mail) {
    if (!valid_address(mail.to)) return Error{.code = "mail.address"};
    if (trim(mail.subject).empty() || has_control(mail.subject) || !valid_utf8(mail.subject)) return Error{.code = "mail.subject"};
    if (!valid_utf8(mail.text)) return Error{.code = "mail.text"};
    return {};
}

std::string header_text(std::string_view text) {
    if (is_plain(text) && text.find("=?") == text.npos && text.size() < 200) return std::string(text);
    constexpr std::size_t kMostBytes = 42;  // 12 for "=?UTF-8?B?" and "?=", 56 for 42 bytes in base64: below 75
    std::string out;
    while (!text.empty()) {
        auto take = std::min(kMostBytes, text.size());
        while (take < text.size() && take > 1 && (static_cast<unsigned char>(text[take]) & 0xc0) == 0x80) --take;
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?B?" + base64(text.substr(0, take)) + "?=";
        text.remove_prefix(take);
    }
    return out;
}

std::string message(const SmtpSettings& from, const Mail& mail, Moment now, const std::string& id) {
    const auto domain = from.from.substr(from.from.find('@') + 1);
    std::string text;
    const auto header = [&text](std::string_view name, const std::string& value) { text.append(name).append(": ").append(value).append("\r\n"); };
    header("Date", date_header(now));
    auto name = header_text(from.from_name);
    if (name == from.from_name && !name.empty()) name = '"' + replace_all(replace_all(name, "\\", "\\\\"), "\"", "\\\"") + '"';
    header("From", name.empty() ? from.from : name + " <" + from.from + '>');
    header("To", mail.to);
    header("Subject", header_text(mail.subject));
    header("Message-ID", '<' + id + '@' + domain + '>');
    header("MIME-Version", "1.0");
    header("Content-Type", "text/plain; charset=utf-8");
    header("Content-Transfer-Encoding", "base64");
    if (is_plain(mail.language) && !mail.language.empty()) header("Content-Language", mail.language);
    header("Auto-Submitted", "auto-generated");  // RFC 3834 section 5: nobody's out-of-office answer comes back
    return text + "\r\n" + in_lines(base64(with_crlf(mail.text)));
}

}  // namespace kiepe::mail
