#include "mail/mail.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "base/date.h"
#include "base/text.h"
#include "mail/message.h"

namespace kiepe::mail {
namespace {

const Moment kNow = *parse_moment("2026-11-24T17:31:37.000Z");

TEST(Address, is_one_plain_address_and_nothing_else) {
    for (const auto* good : {"erika@example.de", "e.m+x@a-b.example.org", "root@localhost"}) EXPECT_TRUE(valid_address(good)) << good;
    for (const auto* bad : {"", "erika", "@example.de", "erika@", "a@b", "a b@example.de", "a@example.de\r\nBcc: x@y.de", "a@example.de\n",
                            "<a@example.de>", "a@example.de,b@example.de", "a..b@example.de", ".a@example.de", "-f@example.de",
                            "a@-x.de", "a@x..de", "m\xc3\xbcller@example.de", "a@b@example.de"}) {
        EXPECT_FALSE(valid_address(bad)) << bad;
    }
    EXPECT_FALSE(valid_address(std::string(65, 'a') + "@example.de"));
}

TEST(Message, encodes_headers_in_words_that_are_short_enough) {
    EXPECT_EQ(header_text("Plain words"), "Plain words");
    EXPECT_EQ(header_text("Münster"), "=?UTF-8?B?TcO8bnN0ZXI=?=");
    for (const auto& line : split(header_text("Es gibt Neues zu Ihrem Anliegen: Größe, Übergröße, Änderung, Öffnung, ß"), '\n')) {
        EXPECT_LE(trim(line).size(), 75u);
    }
}

TEST(Message, says_that_a_machine_wrote_it) {
    const auto text = message({.from = "kiepe@stadt.example", .from_name = "Stadt \"K\""}, {.to = "e@example.de", .subject = "Neues", .text = "Guten Tag"}, kNow, "id1");
    EXPECT_NE(text.find("Date: Tue, 24 Nov 2026 17:31:37 +0000\r\n"), text.npos) << text;
    EXPECT_NE(text.find("From: \"Stadt \\\"K\\\"\" <kiepe@stadt.example>\r\n"), text.npos) << text;
    EXPECT_NE(text.find("Message-ID: <id1@stadt.example>\r\n"), text.npos);
    EXPECT_NE(text.find("Auto-Submitted: auto-generated\r\n"), text.npos);
}

/// A port nobody listens on at the moment.
int free_port() {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool good = bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 && getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    close(fd);
    return good ? ntohs(address.sin_port) : 0;
}

/// A real SMTP server in a process of its own, which writes the messages it gets to a file.
class Sink {
public:
    Sink() : port_(free_port()), file_(std::filesystem::temp_directory_path() / ("kiepe-mail-" + std::to_string(getpid()))) {
        std::filesystem::remove(file_);
        pid_ = fork();
        if (pid_ == 0) {
            const auto port = std::to_string(port_);
            execl("/usr/bin/python3", "python3", KIEPE_SOURCE_DIR "/tests/mail/sink.py", port.c_str(), file_.c_str(), nullptr);
            _exit(127);
        }
    }
    ~Sink() {
        kill(pid_, SIGTERM);
        waitpid(pid_, nullptr, 0);
        std::filesystem::remove(file_);
    }
    bool ready() const {
        for (int i = 0; i < 200; ++i) {
            const int fd = socket(AF_INET, SOCK_STREAM, 0);
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_port = htons(static_cast<std::uint16_t>(port_));
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            const bool good = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
            close(fd);
            if (good) return true;
            if (waitpid(pid_, nullptr, WNOHANG) == pid_) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(25));
        }
        return false;
    }
    SmtpSettings settings() const {
        return {.host = "127.0.0.1", .port = port_, .security = SmtpSettings::Security::none, .from = "kiepe@stadt.example",
                .from_name = "Stadt Münster", .timeout = std::chrono::seconds(5)};
    }
    std::string received() const { return std::filesystem::exists(file_) ? read_file(file_) : ""; }

private:
    int port_;
    std::filesystem::path file_;
    pid_t pid_ = -1;
};

class Smtp : public testing::Test {
protected:
    void SetUp() override {
        if (!sink_.ready()) GTEST_SKIP() << "python3-aiosmtpd is not there";
    }
    FixedClock clock_{kNow};
    Sink sink_;
};

TEST_F(Smtp, delivers_umlauts_to_a_real_server) {
    const auto mailer = make_smtp_mailer(sink_.settings(), clock_);
    const auto sent = mailer->send({.to = "erika@example.de", .subject = "Es gibt Neues für Sie", .text = "Grüße\n.\nEnde\n"});
    ASSERT_TRUE(sent.ok()) << sent.error().detail;
    const auto got = sink_.received();
    EXPECT_NE(got.find("to erika@example.de"), got.npos) << got;
    EXPECT_NE(got.find("subject Es gibt Neues für Sie"), got.npos) << got;
    EXPECT_NE(got.find("from Stadt Münster <kiepe@stadt.example>"), got.npos) << got;
    EXPECT_NE(got.find("Grüße\n.\nEnde"), got.npos) << got;
}

TEST_F(Smtp, tells_never_from_later) {
    const auto mailer = make_smtp_mailer(sink_.settings(), clock_);
    EXPECT_EQ(mailer->send({.to = "nobody@example.de", .subject = "x", .text = "x"}).error().code, "mail.refused");
    EXPECT_EQ(mailer->send({.to = "busy@example.de", .subject = "x", .text = "x"}).error().code, "mail.later");
}

TEST_F(Smtp, does_not_send_in_the_clear_what_was_to_be_encrypted) {
    auto settings = sink_.settings();
    settings.security = SmtpSettings::Security::starttls;
    EXPECT_EQ(make_smtp_mailer(settings, clock_)->send({.to = "erika@example.de", .subject = "x", .text = "x"}).error().code, "mail.later");
    EXPECT_EQ(sink_.received(), "");
}

TEST(SmtpMailer, tries_again_later_when_nobody_listens) {
    const FixedClock clock(kNow);
    const auto mailer = make_smtp_mailer({.host = "127.0.0.1", .port = free_port(), .from = "k@stadt.example", .timeout = std::chrono::seconds(2)}, clock);
    EXPECT_EQ(mailer->send({.to = "erika@example.de", .subject = "x", .text = "x"}).error().code, "mail.later");
    EXPECT_EQ(mailer->send({.to = "erika@example.de\r\nRCPT TO:<x@y.de>", .subject = "x", .text = "x"}).error().code, "mail.address");
    EXPECT_EQ(mailer->send({.to = "erika@example.de", .subject = "x\r\nBcc: y@z.de", .text = "x"}).error().code, "mail.subject");
}

TEST(DemoMailbox, shows_the_newest_first) {
    FixedClock clock(kNow);
    const auto file = std::filesystem::temp_directory_path() / ("kiepe-demo-mail-" + std::to_string(getpid()) + ".db");
    std::filesystem::remove(file);
    {
        const auto database = store::open("sqlite:" + file.string());
        database->migrate(store::migrations(), kNow);
        database->migrate(migrations(), kNow);
        DemoMailbox box(*database, clock);
        EXPECT_TRUE(box.send({.to = "a@example.de", .subject = "erste", .text = "Grüße"}).ok());
        clock.advance(std::chrono::seconds(1));
        EXPECT_TRUE(box.send({.to = "b@example.de", .subject = "zweite", .text = "x", .language = "en"}).ok());
        EXPECT_EQ(box.send({.to = "niemand", .subject = "x", .text = "x"}).error().code, "mail.address");
        const auto sent = box.list();
        ASSERT_EQ(sent.size(), 2u);
        EXPECT_EQ(sent[0].mail.subject, "zweite");
        EXPECT_EQ(sent[0].mail.language, "en");
        EXPECT_EQ(sent[1].mail.text, "Grüße");
        EXPECT_EQ(sent[1].at, kNow);
        EXPECT_EQ(box.list(1).size(), 1u);
    }
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
}

}  // namespace
}  // namespace kiepe::mail
