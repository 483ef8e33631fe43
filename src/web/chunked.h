#pragma once
// The chunked transfer coding (RFC 9112 section 7.1), read strictly and in pieces. No I/O.
#include <cstdint>
#include <string>
#include <string_view>

namespace kiepe::web {

class ChunkedReader {
public:
    explicit ChunkedReader(std::size_t limit) : limit_(limit) {}

    enum class State { more, done, bad, too_large };
    /// Takes bytes from the front, appends the body's bytes to `body`, and says how far it came. `used`: bytes of `input` that
    /// belong to this body.
    State read(std::string_view input, std::size_t& used, std::string& body);

private:
    enum class Step { size, extension, size_lf, data, data_cr, data_lf, trailer_start, trailer, trailer_lf, end_lf, finished };
    State step(char c);
    State after_size();

    std::size_t limit_;
    std::size_t total_ = 0;
    std::uint64_t size_ = 0;        ///< of this chunk; then what is still to come
    int digits_ = 0;
    std::size_t line_ = 0;          ///< bytes of extensions and trailers so far
    Step step_ = Step::size;
};

}  // namespace kiepe::web
