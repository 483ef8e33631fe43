// What is the same in every context, for whoever sorts tests beforehand instead of evaluating them.
#include "feel/node.h"

namespace kiepe::feel {

using detail::Range;

namespace {

std::optional<ConstantTest> interval(const Range& r) {
    using Form = Range::Form;
    ConstantTest test;
    if (r.form == Form::equals || r.form == Form::differs) {
        test.form = r.form == Form::equals ? ConstantTest::Form::equals : ConstantTest::Form::differs;
        test.low = r.low;
        return test;
    }
    test.form = ConstantTest::Form::interval;
    test.has_low = r.form != Form::less && r.form != Form::less_equal;
    test.has_high = r.form != Form::greater && r.form != Form::greater_equal;
    test.low = r.low;
    test.high = r.high;
    test.low_included = r.low_included;
    test.high_included = r.high_included;
    // `[null..5]` contains nothing that is known (see contains())
    if ((test.has_low && test.low.is_null()) || (test.has_high && test.high.is_null())) return std::nullopt;
    return test;
}

std::optional<ConstantTest> constant_test(const Value& value) {
    switch (value.kind()) {
        case Kind::list:
        case Kind::context:
        case Kind::function: return std::nullopt;
        case Kind::range: return interval(detail::range(value));
        default: break;
    }
    ConstantTest test;
    test.low = value;
    return test;
}

}  // namespace

std::optional<ConstantTests> constant_tests(const Expression& tests) {
    const auto* cell = dynamic_cast<const In*>(tests.code().root.get());
    if (cell == nullptr || !cell->unary) return std::nullopt;
    ConstantTests found;
    found.any = cell->any;
    found.negated = cell->negated;
    for (const auto& test : cell->tests) {
        if (test.uses_input || test.node.constant() == nullptr) return std::nullopt;
        auto constant = constant_test(*test.node.constant());
        if (!constant) return std::nullopt;
        found.tests.push_back(std::move(*constant));
    }
    return found;
}

const Value* constant_of(const Expression& expression) {
    const auto* constant = dynamic_cast<const Constant*>(expression.code().root.get());
    return constant != nullptr ? &constant->value : nullptr;
}

std::optional<std::uint32_t> place_of(const Expression& expression) {
    const auto* name = dynamic_cast<const Outer*>(expression.code().root.get());
    if (name == nullptr || name->place == Outer::kNoPlace) return std::nullopt;
    return name->place;
}

}  // namespace kiepe::feel
