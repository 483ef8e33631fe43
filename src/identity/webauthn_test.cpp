#include "identity/webauthn.h"

#include <gtest/gtest.h>

#include "identity/test_authenticator.h"

namespace kiepe::identity::webauthn {
namespace {

using test::Authenticator;
using Kind = Authenticator::Kind;

const Site kCity{"stadt.example", "https://stadt.example"};
const std::string kChallenge = "Y2hhbGxlbmdlLW9mLTMyLWJ5dGVzLWZvci1hLXRlc3Q";

std::string create(const std::string& origin = kCity.origin, const std::string& challenge = kChallenge, const std::string& type = "webauthn.create") {
    return test::client_data(type, challenge, origin);
}

std::string refused(const std::string& client, const std::string& object) {
    const auto done = check_registration(kCity, kChallenge, client, object);
    return done ? "" : done.error().code;
}

struct SignIn {
    Authenticator key;
    std::string data = key.data(kCity.id, 0x05);
    std::string client = test::client_data("webauthn.get", kChallenge, kCity.origin);
    std::string signature = {};
    explicit SignIn(Authenticator of = Authenticator()) : key(std::move(of)) {}
    std::string refused(bool sign = true, const std::string& cose = "") {
        if (sign) signature = key.sign(data, client);
        const auto done = check_assertion(kCity, kChallenge, cose.empty() ? key.cose() : cose, {client, data, signature});
        return done ? "" : done.error().code;
    }
};

TEST(Webauthn, takes_keys_of_all_three_kinds) {
    for (const auto kind : {Kind::es256, Kind::eddsa, Kind::rs256}) {
        Authenticator key(kind);
        key.counter = 7;
        const auto made = check_registration(kCity, kChallenge, create(), key.registration(kCity.id));
        ASSERT_TRUE(made.ok()) << made.error().code;
        EXPECT_EQ(made->id, key.id);
        EXPECT_EQ(made->public_key, key.cose());
        EXPECT_EQ(made->counter, 7u);
        SignIn again(key);
        EXPECT_EQ(again.refused(), "");
        EXPECT_EQ(again.refused(true, Authenticator(kind).cose()), "webauthn_signature") << "somebody else's key";
    }
}

TEST(Webauthn, reads_the_counter_of_a_sign_in) {
    Authenticator key;
    key.counter = 0x01020304;
    SignIn one(key);
    one.signature = key.sign(one.data, one.client);
    EXPECT_EQ(*check_assertion(kCity, kChallenge, key.cose(), {one.client, one.data, one.signature}), 0x01020304u);
}

TEST(Webauthn, refuses_what_was_signed_elsewhere_or_for_something_else) {
    const Authenticator key;
    const auto object = key.registration(kCity.id);
    EXPECT_EQ(refused(create("https://stadt.example.evil.example"), object), "webauthn_origin");
    EXPECT_EQ(refused(create("http://stadt.example"), object), "webauthn_origin");
    EXPECT_EQ(refused(create("https://stadt.example:8443"), object), "webauthn_origin");
    EXPECT_EQ(refused(create(kCity.origin, "b3RoZXI"), object), "webauthn_challenge");
    EXPECT_EQ(refused(create(kCity.origin, ""), object), "webauthn_challenge");
    EXPECT_EQ(refused(create(kCity.origin, kChallenge, "webauthn.get"), object), "webauthn_type");
    EXPECT_EQ(refused(create(), key.registration("evil.example")), "webauthn_rp");
    EXPECT_EQ(refused(R"({"type":"webauthn.create","challenge":")" + kChallenge + R"(","origin":"https://stadt.example","crossOrigin":true})", object), "webauthn_origin");
    EXPECT_EQ(check_registration(kCity, "", create(kCity.origin, ""), object).error().code, "webauthn_challenge") << "no challenge is none";
}

TEST(Webauthn, wants_somebody_there_and_known_to_the_device) {
    const Authenticator key;
    EXPECT_EQ(refused(create(), Authenticator::object(key.attested(kCity.id, key.cose(), 0x44))), "webauthn_presence");
    EXPECT_EQ(refused(create(), Authenticator::object(key.attested(kCity.id, key.cose(), 0x41))), "webauthn_verification");
    EXPECT_EQ(refused(create(), Authenticator::object(key.attested(kCity.id, key.cose(), 0x05))), "webauthn_attestation") << "flag AT is not set";
    SignIn without(key);
    without.data = key.data(kCity.id, 0x01);
    EXPECT_EQ(without.refused(), "webauthn_verification");
    without.data = key.data(kCity.id, 0x04);
    EXPECT_EQ(without.refused(), "webauthn_presence");
    without.data = key.data("evil.example", 0x05);
    EXPECT_EQ(without.refused(), "webauthn_rp");
}

TEST(Webauthn, refuses_a_sign_in_that_was_changed_on_the_way) {
    SignIn one;
    one.signature = one.key.sign(one.data, one.client);
    auto later = one;
    later.data.back() = '\x09';
    EXPECT_EQ(later.refused(false), "webauthn_signature") << "the counter";
    auto other = one;
    other.client = test::client_data("webauthn.get", kChallenge, kCity.origin, R"(,"more":1)");
    EXPECT_EQ(other.refused(false), "webauthn_signature");
    auto broken = one;
    broken.signature[10] = static_cast<char>(broken.signature[10] ^ 1);
    EXPECT_EQ(broken.refused(false), "webauthn_signature");
    broken.signature.clear();
    EXPECT_EQ(broken.refused(false), "webauthn_signature");
    broken.signature.assign(5000, 'x');
    EXPECT_EQ(broken.refused(false), "webauthn_signature");
    one.data.resize(36);
    EXPECT_EQ(one.refused(), "webauthn_data");
    SignIn create_as_get;
    create_as_get.client = create();
    EXPECT_EQ(create_as_get.refused(), "webauthn_type");
}

TEST(Webauthn, takes_attestation_none_only) {
    const Authenticator key;
    EXPECT_EQ(refused(create(), Authenticator::object(key.attested(kCity.id, key.cose()), "packed")), "webauthn_format");
    EXPECT_EQ(refused(create(), Authenticator::object(key.attested(kCity.id, key.cose()), "none", test::head(5, 1) + test::words("sig") + test::bytes("x"))), "webauthn_format");
}

TEST(Webauthn, refuses_keys_it_does_not_know) {
    const Authenticator key;
    const auto with = [&](const std::string& cose) { return refused(create(), Authenticator::object(key.attested(kCity.id, cose))); };
    const std::string x(32, '\x11'), y(32, '\x22');
    EXPECT_EQ(with(Authenticator::ec(x, y)), "webauthn_key") << "a point beside the curve";
    EXPECT_EQ(with(Authenticator::ec(std::string(32, '\0'), std::string(32, '\0'))), "webauthn_key");
    auto cose = key.cose();
    EXPECT_EQ(with(cose), "");
    EXPECT_EQ(with(test::head(5, 5) + test::number(1) + test::number(2) + test::number(3) + test::number(-35) + cose.substr(5)), "webauthn_key") << "ES384";
    cose[6] = '\x02';
    EXPECT_EQ(with(cose), "webauthn_key") << "P-384 named, P-256 given";
    const auto edwards = Authenticator(Kind::eddsa).cose();
    auto crossed = edwards;
    crossed[4] = '\x26';
    EXPECT_EQ(with(crossed), "webauthn_key") << "an Edwards key that says ES256";
    EXPECT_EQ(with(test::head(5, 1) + test::number(3) + test::number(-7)), "webauthn_key");
    EXPECT_EQ(with(test::head(4, 0)), "webauthn_key");
}

TEST(Webauthn, refuses_every_shortened_object_and_whatever_hangs_behind_it) {
    const Authenticator key;
    const auto object = key.registration(kCity.id);
    for (std::size_t length = 0; length < object.size(); ++length) EXPECT_NE(refused(create(), object.substr(0, length)), "") << length;
    EXPECT_EQ(refused(create(), object + "x"), "webauthn_attestation");
    EXPECT_EQ(refused(create(), Authenticator::object(key.attested(kCity.id, key.cose()) + "x")), "webauthn_attestation");
    const auto data = key.attested(kCity.id, key.cose());
    for (std::size_t length = 0; length < data.size(); ++length) EXPECT_EQ(refused(create(), Authenticator::object(data.substr(0, length))), "webauthn_attestation") << length;
}

TEST(Webauthn, allows_a_map_of_extensions_where_the_flag_says_so) {
    const Authenticator key;
    const auto extensions = test::head(5, 1) + test::words("credProtect") + test::number(2);
    EXPECT_EQ(refused(create(), Authenticator::object(key.attested(kCity.id, key.cose(), 0xc5) + extensions)), "");
    EXPECT_EQ(refused(create(), Authenticator::object(key.attested(kCity.id, key.cose(), 0xc5))), "webauthn_attestation");
}

TEST(Webauthn, reserves_nothing_for_what_is_only_announced) {
    using namespace std::string_literals;
    for (const auto& bomb : {"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff"s, "\xbb\x00\x00\x00\x7f\xff\xff\xff\xff"s, "\x9a\x20\x00\x00\x00"s, "\x5b\x00\x00\x00\xff\xff\xff\xff\xff"s, "\x5f\x41x\xff"s, "\x9f\xff"s,
                             "\xbf\xff"s, "\xd8\x18\x40"s, std::string(16000, '\x81'), std::string(16000, '\x9f'), std::string(17000, '\0')})
        EXPECT_EQ(refused(create(), bomb), "webauthn_attestation");
}

TEST(Webauthn, reads_client_data_strictly) {
    for (const auto* text : {"", "null", "[]", "{", R"({"type":1,"challenge":"x","origin":"y"})", R"({"type":"webauthn.create"})", "\xff{}"})
        EXPECT_EQ(challenge_of(text).error().code, "webauthn_client_data") << text;
    EXPECT_EQ(challenge_of(std::string(4000, '[')).error().code, "webauthn_client_data");
    EXPECT_EQ(challenge_of(std::string(5000, ' ') + create()).error().code, "webauthn_client_data");
    EXPECT_EQ(*challenge_of(create()), kChallenge);
}

TEST(Webauthn, names_the_site_without_its_port) {
    EXPECT_EQ(site_of("https://Stadt.example").id, "stadt.example");
    EXPECT_EQ(site_of("http://localhost:8080").id, "localhost");
    EXPECT_EQ(site_of("http://localhost:8080").origin, "http://localhost:8080");
}

TEST(Webauthn, reads_base64url_in_one_way_only) {
    for (const auto* text : {"a", "QQ==", "QR", "Q+", "Q/", "Q Q", "QUI=", "\n"}) EXPECT_FALSE(from_base64url(text).ok()) << text;
    for (int length = 0; length < 70; ++length) {
        const auto plain = random_bytes(static_cast<std::size_t>(length));
        EXPECT_EQ(*from_base64url(base64url(plain)), plain);
    }
}

}  // namespace
}  // namespace kiepe::identity::webauthn
