// FEEL: one expression, one loop, one unary test. Ours is compiled once; feelin's public functions parse the text at each call.
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>

#include "base/decimal.h"
#include "feel/feel.h"
#include "rows.h"

namespace kiepe::bench {
namespace {

using feel::Value;

constexpr const char* kIf = "if a > 10 then a * 1.19 + b else a - b";
constexpr const char* kSum = "sum(for i in 1..100 return i * i)";
constexpr const char* kTest = "[18..65], > 100";

/// Numbers that lie in an array in this order, as the values of a decision do.
feel::Names numbers(const std::vector<std::string>& names) {
    feel::Names known;
    std::map<std::string, std::uint32_t> places;
    for (const auto& name : names) {
        known.names[name] = {.simple = "number"};
        places.emplace(name, std::uint32_t(places.size()));
    }
    known.places = std::make_shared<const std::map<std::string, std::uint32_t>>(std::move(places));
    return known;
}

template <class Compiled>
feel::Expression must(Compiled compiled) {
    if (!compiled) throw std::runtime_error("the bench's own expression does not compile: " + compiled.error().detail);
    return *compiled;
}

void must_be(const Value& value, const Value& wanted) {
    if (!(value == wanted)) throw std::runtime_error("the bench's own expression gives " + value.text());
}

/// The same by hand.
std::optional<Decimal> by_hand(Decimal a, Decimal b) {
    static const Decimal limit{10}, factor = *Decimal::parse("1.19");
    if (compare(a, limit) <= 0) return subtract(a, b);
    const auto product = multiply(a, factor);
    return product ? add(*product, b) : std::nullopt;
}

std::vector<Row> if_rows(Bench& bench) {
    const auto expression = must(feel::compile(kIf, numbers({"a", "b"})));
    const Value values[] = {Value::number(12), Value::number(3)};
    const Value context = Value::context({{"a", values[0]}, {"b", values[1]}});
    const Value wanted = Value::number(*Decimal::parse("17.28"));
    must_be(expression.evaluate_at(values), wanted);
    must_be(expression.evaluate(context), wanted);
    must_be(expression.explain(context).value, wanted);
    const Side ours = side([&] { keep(expression.evaluate_at(values)); });
    const Side in_context = side([&] { keep(expression.evaluate(context)); });
    const Side explained = side([&] { keep(expression.explain(context)); });

    Decimal a{12}, b{3};
    const Side plain = side([&] {
        keep(a);
        keep(b);
        keep(by_hand(a, b));
    });
    const Side reading = side([&] { keep(by_hand(context.get("a").as_number(), context.get("b").as_number())); });
    const Side feelin = [&] { return bench.peers.measure("feelin if"); };
    return {at_least(kIf, bench.peers.name("feelin") + ", parses at each call", median_ns(ours, feelin, bench.rounds), 5000),
            at_most(kIf, "C++ by hand, same decimal, two variables", median_ns(ours, plain, bench.rounds), 4),
            for_information("the same from a context of names", "C++ by hand that takes a and b from that context", median_ns(in_context, reading, bench.rounds)),
            for_information("the same, explained", "the same, without being asked to explain", median_ns(explained, in_context, bench.rounds))};
}

Row sum_row(Bench& bench) {
    const auto expression = must(feel::compile(kSum, {}));
    const Value unused;
    must_be(expression.evaluate_at(&unused), Value::number(338350));
    const Side ours = side([&] { keep(expression.evaluate_at(&unused)); });
    const Side feelin = [&] { return bench.peers.measure("feelin sum"); };
    return at_least(kSum, bench.peers.name("feelin") + ", parses at each call", median_ns(ours, feelin, bench.rounds), 500);
}

Row test_row(Bench& bench) {
    const auto test = must(feel::compile_unary_tests(kTest, numbers({"?"})));
    const Value input[] = {Value::number(120)};
    must_be(test.evaluate_at(input), Value::boolean(true));
    const Side ours = side([&] { keep(test.evaluate_at(input)); });
    const Side feelin = [&] { return bench.peers.measure("feelin test"); };
    return at_least(kTest, bench.peers.name("feelin") + ", parses at each call", median_ns(ours, feelin, bench.rounds), 5000);
}

}  // namespace

std::vector<Row> feel_rows(Bench& bench) {
    std::vector<Row> rows = if_rows(bench);
    rows.push_back(sum_row(bench));
    rows.push_back(test_row(bench));
    return rows;
}

}  // namespace kiepe::bench
