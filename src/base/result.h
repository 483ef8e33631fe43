#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kiepe {

/// What went wrong, for code and for people. `code` is stable ("form.date.invalid") and is also the key of the sentence in the
/// translation catalogues; `where` is the place ("service.yaml:12", "persons[1].birth_date"); `args` fill the sentence;
/// `detail` is for the log and for developers, never for residents.
struct Error {
    std::string code;
    std::string where = {};
    std::vector<std::pair<std::string, std::string>> args = {};
    std::string detail = {};

    bool operator==(const Error&) const = default;
};

/// A value or the reason why there is none: for everything that a person or a peer can get wrong.
/// Exceptions are left for a broken machine.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// Precondition: ok(). std::get throws otherwise, so that a forgotten check never reads garbage.
    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    /// Precondition: !ok().
    const Error& error() const { return std::get<1>(state_); }

    T value_or(T other) const& { return ok() ? value() : std::move(other); }

private:
    std::variant<T, Error> state_;
};

/// A step that has nothing to give back but success.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)), ok_(false) {}
    bool ok() const { return ok_; }
    explicit operator bool() const { return ok_; }
    const Error& error() const { return error_; }

private:
    Error error_;
    bool ok_ = true;
};

}  // namespace kiepe
