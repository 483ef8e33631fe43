// libFuzzer entry: whatever text comes in, compiling and evaluating it must end, and never with a crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "feel/feel.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kiepe::feel;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Names names;
    names.names["a"] = Type{.simple = "number"};
    names.names["Full Name"] = Type{.simple = "string"};
    names.open = size % 2 == 0;
    const Value context = Value::context({{"a", Value::number(3)}, {"Full Name", Value::string("x")}, {"?", Value::number(1)}});
    if (const auto expression = compile(text, names)) {
        const Value value = expression->evaluate(context);
        (void)from_json(to_json(value));
        (void)expression->explain(context);
    }
    if (const auto tests = compile_unary_tests(text, names)) (void)tests->evaluate(context);
    (void)from_json(text);
    return 0;
}
