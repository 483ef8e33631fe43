#include "web/chunked.h"

#include <algorithm>

namespace kiepe::web {
namespace {

constexpr std::size_t kMostAround = 8 * 1024;  // extensions and trailers of one body together: nobody needs them

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_line_character(char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); }

}  // namespace

ChunkedReader::State ChunkedReader::after_size() {
    if (size_ > limit_ - total_) return State::too_large;
    total_ += size_;
    step_ = size_ == 0 ? Step::trailer_start : Step::data;
    return State::more;
}

ChunkedReader::State ChunkedReader::step(char c) {
    switch (step_) {
    case Step::size:
        if (const int digit = hex_value(c); digit >= 0) {
            if (++digits_ > 15) return State::bad;  // 60 bits: more would overflow, and no body is that long
            size_ = size_ * 16 + static_cast<std::uint64_t>(digit);
            return State::more;
        }
        if (digits_ == 0) return State::bad;
        if (c != '\r' && c != ';') return State::bad;
        step_ = c == '\r' ? Step::size_lf : Step::extension;
        return State::more;
    case Step::extension:  // read over, never used (RFC 9112 section 7.1.1)
        if (c == '\r') { step_ = Step::size_lf; return State::more; }
        return is_line_character(c) && ++line_ <= kMostAround ? State::more : State::bad;
    case Step::size_lf: return c == '\n' ? after_size() : State::bad;
    case Step::data_cr: step_ = Step::data_lf; return c == '\r' ? State::more : State::bad;
    case Step::data_lf:
        step_ = Step::size;
        size_ = 0;
        digits_ = 0;
        return c == '\n' ? State::more : State::bad;
    case Step::trailer_start:
        if (c == '\r') { step_ = Step::end_lf; return State::more; }
        step_ = Step::trailer;
        [[fallthrough]];
    case Step::trailer:  // read over: a trailer never changes what the head said (RFC 9110 section 6.5.1)
        if (c == '\r') { step_ = Step::trailer_lf; return State::more; }
        return is_line_character(c) && ++line_ <= kMostAround ? State::more : State::bad;
    case Step::trailer_lf: step_ = Step::trailer_start; return c == '\n' ? State::more : State::bad;
    case Step::end_lf: step_ = Step::finished; return c == '\n' ? State::done : State::bad;
    case Step::data:
    case Step::finished: break;
    }
    return State::bad;
}

ChunkedReader::State ChunkedReader::read(std::string_view input, std::size_t& used, std::string& body) {
    used = 0;
    while (used < input.size()) {
        if (step_ == Step::data) {
            const std::size_t take = std::min<std::uint64_t>(size_, input.size() - used);
            body.append(input.substr(used, take));
            used += take;
            size_ -= take;
            if (size_ == 0) step_ = Step::data_cr;
            continue;
        }
        const State state = step(input[used++]);
        if (state != State::more) return state;
    }
    return State::more;
}

}  // namespace kiepe::web
