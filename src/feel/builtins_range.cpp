// DMN 1.5 section 10.3.4.9, range functions (table 78), and range() of 10.3.4.1.
#include "base/text.h"
#include "feel/builtin.h"
#include "feel/node.h"
#include "feel/scanner.h"

namespace kiepe::feel {

using namespace detail;

namespace {

/// A point is a closed range of one.
struct Span {
    Value low, high;
    bool low_included = true, high_included = true;
    bool is_point = false;
};

std::optional<Span> span_of(const Value& v) {
    if (v.kind() == Kind::range) {
        const Range& r = range(v);
        if (r.form == Range::Form::differs) return std::nullopt;
        if (r.form == Range::Form::equals) return Span{r.low, r.low};
        return Span{r.low, r.high, r.low_included, r.high_included};
    }
    if (!order(v, v)) return std::nullopt;
    return Span{v, v, true, true, true};
}

/// Comparisons of ends that note when something could not be compared; an open end is infinite.
class Ends {
public:
    bool unknown = false;
    int compare_low_low(const Span& a, const Span& b) {
        if (a.low.is_null() || b.low.is_null()) return a.low.is_null() && b.low.is_null() ? 0 : (a.low.is_null() ? -1 : 1);
        const int o = values(a.low, b.low);
        if (o != 0 || a.low_included == b.low_included) return o;
        return a.low_included ? -1 : 1;
    }
    int compare_high_high(const Span& a, const Span& b) {
        if (a.high.is_null() || b.high.is_null()) return a.high.is_null() && b.high.is_null() ? 0 : (a.high.is_null() ? 1 : -1);
        const int o = values(a.high, b.high);
        if (o != 0 || a.high_included == b.high_included) return o;
        return a.high_included ? 1 : -1;
    }
    /// -1: a ends before b begins; 0: both share exactly the end; 1: they share more, or the end is in both.
    int compare_high_low(const Span& a, const Span& b) {
        if (a.high.is_null() || b.low.is_null()) return 1;
        const int o = values(a.high, b.low);
        if (o != 0) return o;
        return a.high_included && b.low_included ? 0 : -1;
    }
    int values(const Value& a, const Value& b) {
        const auto o = order(a, b);
        if (!o) unknown = true;
        return o.value_or(0);
    }
};

template <bool (*relation)(Ends&, const Span&, const Span&)>
Value related(Arguments& a) {
    const auto x = span_of(a[0]);
    const auto y = span_of(a[1]);
    if (!x || !y) return a.fail("an argument is no point and no range");
    Ends ends;
    const bool result = relation(ends, *x, *y);
    return ends.unknown ? a.fail("the arguments cannot be compared") : Value::boolean(result);
}

bool before(Ends& e, const Span& a, const Span& b) { return e.compare_high_low(a, b) < 0; }
bool after(Ends& e, const Span& a, const Span& b) { return before(e, b, a); }
bool meets(Ends& e, const Span& a, const Span& b) {
    return !a.high.is_null() && !b.low.is_null() && e.compare_high_low(a, b) == 0;
}
bool met_by(Ends& e, const Span& a, const Span& b) { return meets(e, b, a); }
bool overlaps(Ends& e, const Span& a, const Span& b) { return e.compare_high_low(a, b) >= 0 && e.compare_high_low(b, a) >= 0; }
bool overlaps_before(Ends& e, const Span& a, const Span& b) {
    return e.compare_low_low(a, b) < 0 && e.compare_high_low(a, b) >= 0 && e.compare_high_high(a, b) <= 0;
}
bool overlaps_after(Ends& e, const Span& a, const Span& b) { return overlaps_before(e, b, a); }
bool finishes(Ends& e, const Span& a, const Span& b) {
    if (a.is_point) return b.high_included && !b.high.is_null() && e.values(a.high, b.high) == 0;
    return e.compare_high_high(a, b) == 0 && e.compare_low_low(a, b) >= 0;
}
bool finished_by(Ends& e, const Span& a, const Span& b) { return finishes(e, b, a); }
bool includes(Ends& e, const Span& a, const Span& b) { return e.compare_low_low(a, b) <= 0 && e.compare_high_high(a, b) >= 0; }
bool during(Ends& e, const Span& a, const Span& b) { return includes(e, b, a); }
bool starts(Ends& e, const Span& a, const Span& b) {
    if (a.is_point) return b.low_included && !b.low.is_null() && e.values(a.low, b.low) == 0;
    return e.compare_low_low(a, b) == 0 && e.compare_high_high(a, b) <= 0;
}
bool started_by(Ends& e, const Span& a, const Span& b) { return starts(e, b, a); }
bool coincides(Ends& e, const Span& a, const Span& b) { return e.compare_low_low(a, b) == 0 && e.compare_high_high(a, b) == 0; }

/// Ends must be literals: the compiler has then already computed the range, and kept nothing but a null end as an operation.
bool is_range_of_literals(const Node& node) {
    if (node.is_constant()) return true;
    const auto* range_node = dynamic_cast<const RangeLiteral*>(&node);
    return range_node != nullptr && range_node->low && range_node->low->is_constant() && range_node->high && range_node->high->is_constant();
}

/// `(..2]` and `[1..)`: an end that is left out is open, and the range is the same as `(<= 2)` and `(>= 1)`.
std::string closed_form(const std::string& source) {
    const std::string_view s = trim(source);
    if (s.size() < 4) return source;
    const std::string_view inner = trim(s.substr(1, s.size() - 2));
    const char open = s.front();
    const char close = s.back();
    if (inner.starts_with("..") && open != '[') return "(<" + std::string(close == ']' ? "= " : " ") + std::string(inner.substr(2)) + ")";
    if (inner.ends_with("..") && close != ']') {
        return "(>" + std::string(open == '[' ? "= " : " ") + std::string(inner.substr(0, inner.size() - 2)) + ")";
    }
    return source;
}

Value range_from_text(Arguments& a) {
    if (a.kind(0) != Kind::string) return a.fail("the argument is no text");
    // An expression without names is a constant; only the forms with brackets are ranges here.
    const std::string& source = text(a[0]);
    const auto begin = source.find_first_not_of(" \t\n");
    if (begin == std::string::npos || std::string("[(]").find(source[begin]) == std::string::npos) return a.fail("the text is no range");
    const std::string closed = closed_form(source);
    const auto compiled = compile(closed, Names{});
    if (!compiled || !is_range_of_literals(*compiled->code().root)) return a.fail("the text is no range");
    const Value value = compiled->evaluate(Value{});
    if (value.kind() != Kind::range) return a.fail("the text is no range");
    const Range& r = range(value);
    if (r.form != Range::Form::interval) return closed == source ? a.fail("the text is no range") : value;
    if (r.low.is_null() && r.high.is_null()) return a.fail("the range has no end");
    if ((r.low.is_null() && r.low_included) || (r.high.is_null() && r.high_included)) return a.fail("an open end cannot be included");
    if (!r.low.is_null() && !r.high.is_null() && order(r.low, r.high).value_or(1) > 0) return a.fail("the range ends before it begins");
    return value;
}

}  // namespace

std::vector<Builtin> range_builtins() {
    constexpr const char* two_ranges = "range1,range2";
    return {
        {"before", "point1,point2;point,range;range,point;range1,range2", 2, 2, related<before>, "boolean"},
        {"after", "point1,point2;point,range;range,point;range1,range2", 2, 2, related<after>, "boolean"},
        {"meets", two_ranges, 2, 2, related<meets>, "boolean"},
        {"met by", two_ranges, 2, 2, related<met_by>, "boolean"},
        {"overlaps", two_ranges, 2, 2, related<overlaps>, "boolean"},
        {"overlaps before", two_ranges, 2, 2, related<overlaps_before>, "boolean"},
        {"overlaps after", two_ranges, 2, 2, related<overlaps_after>, "boolean"},
        {"finishes", "point,range;range1,range2", 2, 2, related<finishes>, "boolean"},
        {"finished by", "range,point;range1,range2", 2, 2, related<finished_by>, "boolean"},
        {"includes", "range,point;range1,range2", 2, 2, related<includes>, "boolean"},
        {"during", "point,range;range1,range2", 2, 2, related<during>, "boolean"},
        {"starts", "point,range;range1,range2", 2, 2, related<starts>, "boolean"},
        {"started by", "range,point;range1,range2", 2, 2, related<started_by>, "boolean"},
        {"coincides", "point1,point2;range1,range2", 2, 2, related<coincides>, "boolean"},
        {"range", "from", 1, 1, range_from_text, "range"},
    };
}

}  // namespace kiepe::feel
