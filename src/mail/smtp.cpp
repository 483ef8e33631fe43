#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "base/id.h"
#include "mail/message.h"

namespace kiepe::mail {
namespace {

struct Easy {
    CURL* handle = curl_easy_init();
    curl_slist* recipients = nullptr;
    Easy() = default;
    Easy(const Easy&) = delete;
    Easy& operator=(const Easy&) = delete;
    ~Easy() {
        curl_slist_free_all(recipients);
        curl_easy_cleanup(handle);
    }
};

std::size_t give(char* to, std::size_t size, std::size_t count, void* from) {
    auto& left = *static_cast<std::string_view*>(from);
    const auto part = left.substr(0, size * count);
    std::memcpy(to, part.data(), part.size());
    left.remove_prefix(part.size());
    return part.size();
}

class SmtpMailer final : public Mailer {
public:
    SmtpMailer(SmtpSettings settings, const Clock& clock) : settings_(std::move(settings)), clock_(clock) {}

    Result<void> send(const Mail& mail) override {
        if (auto fine = check(mail); !fine.ok()) return fine;
        if (!valid_address(settings_.from)) return Error{.code = "mail.address", .where = "from"};
        const auto text = message(settings_, mail, clock_.now(), random_token());
        std::string_view left = text;
        Easy easy;
        if (easy.handle == nullptr) return Error{.code = "mail.later", .detail = "curl_easy_init"};
        configure(easy, mail.to);
        curl_easy_setopt(easy.handle, CURLOPT_READFUNCTION, &give);
        curl_easy_setopt(easy.handle, CURLOPT_READDATA, &left);
        return judge(easy.handle, curl_easy_perform(easy.handle));
    }

private:
    void configure(Easy& easy, const std::string& to) const {
        const bool tls = settings_.security == SmtpSettings::Security::tls;
        const auto url = (tls ? "smtps://" : "smtp://") + settings_.host + ':' + std::to_string(settings_.port);
        easy.recipients = curl_slist_append(nullptr, ('<' + to + '>').c_str());
        curl_easy_setopt(easy.handle, CURLOPT_URL, url.c_str());
        curl_easy_setopt(easy.handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(easy.handle, CURLOPT_PROXY, "");
        curl_easy_setopt(easy.handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy.handle, CURLOPT_TIMEOUT, static_cast<long>(settings_.timeout.count()));
        curl_easy_setopt(easy.handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(settings_.timeout.count()));
        curl_easy_setopt(easy.handle, CURLOPT_USE_SSL,
                         static_cast<long>(settings_.security == SmtpSettings::Security::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
        if (!settings_.user.empty()) {
            curl_easy_setopt(easy.handle, CURLOPT_USERNAME, settings_.user.c_str());
            curl_easy_setopt(easy.handle, CURLOPT_PASSWORD, settings_.password.c_str());
        }
        curl_easy_setopt(easy.handle, CURLOPT_MAIL_FROM, ('<' + settings_.from + '>').c_str());
        curl_easy_setopt(easy.handle, CURLOPT_MAIL_RCPT, easy.recipients);
        curl_easy_setopt(easy.handle, CURLOPT_UPLOAD, 1L);
    }

    /// RFC 5321 section 4.2.1: 5yz is for ever, 4yz for now. A refused login or a missing STARTTLS is ours to repair: later.
    static Result<void> judge(CURL* handle, CURLcode code) {
        if (code == CURLE_OK) return {};
        long answer = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
        const bool ours = code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED || code == CURLE_COULDNT_CONNECT;
        const bool never = !ours && answer >= 500 && answer < 600;
        return Error{.code = never ? "mail.refused" : "mail.later",
                     .detail = std::string(curl_easy_strerror(code)) + ", answer " + std::to_string(answer)};
    }

    const SmtpSettings settings_;
    const Clock& clock_;
};

}  // namespace

std::unique_ptr<Mailer> make_smtp_mailer(SmtpSettings settings, const Clock& clock) {
    static std::once_flag once;  // curl_global_init is not safe to call from several threads at once
    std::call_once(once, [] {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl does not start");
    });
    return std::make_unique<SmtpMailer>(std::move(settings), clock);
}

}  // namespace kiepe::mail
