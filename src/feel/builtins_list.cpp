// DMN 1.5 section 10.3.4.4, list functions, and 10.3.4.7, sort.
#include <algorithm>

#include "feel/builtin.h"
#include "feel/node.h"

namespace kiepe::feel {

using detail::items;

namespace {

/// The list of a function that takes a list or its items as arguments; nullptr where the only argument is null.
class Items {
public:
    explicit Items(const Arguments& a) {
        if (a.count == 1 && a.kind(0) == Kind::list) {
            data_ = items(a[0]).data();
            size_ = items(a[0]).size();
        } else {
            data_ = a.values;
            size_ = a.count;
            missing_ = a.count == 1 && a.kind(0) == Kind::null;
        }
    }
    bool missing() const { return missing_; }
    const Value* begin() const { return data_; }
    const Value* end() const { return data_ + size_; }
    std::size_t size() const { return size_; }
    bool all_numbers() const {
        return std::all_of(begin(), end(), [](const Value& v) { return v.is_number(); });
    }

private:
    const Value* data_ = nullptr;
    std::size_t size_ = 0;
    bool missing_ = false;
};

/// The first argument as a list: one value is a list of one, null is none.
bool as_list(const Arguments& a, List& list) {
    if (a.kind(0) == Kind::null) return false;
    if (a.kind(0) == Kind::list) list = items(a[0]);
    else list = {a[0]};
    return true;
}

std::optional<std::int64_t> whole_number(const Value& v) {
    if (!v.is_number()) return std::nullopt;
    return v.number_bits().to_int();
}

Value list_contains(Arguments& a) {
    List list;
    if (!as_list(a, list)) return a.fail("the list is null");
    return Value::boolean(std::any_of(list.begin(), list.end(), [&](const Value& v) { return equal(v, a[1]).value_or(false); }));
}

Value count(Arguments& a) {
    List list;
    if (!as_list(a, list)) return a.fail("the list is null");
    return Value::number(static_cast<std::int64_t>(list.size()));
}

Value extreme(Arguments& a, int wanted) {
    const Items list(a);
    if (list.missing()) return a.fail("the list is null");
    if (list.size() == 0) return {};
    const Value* best = list.begin();
    if (list.size() == 1 && !order(*best, *best)) return a.fail("the item cannot be compared");
    for (const Value& v : list) {
        const auto o = order(v, *best);
        if (!o) return a.fail("the items cannot be compared");
        if (*o == wanted) best = &v;
    }
    return *best;
}
Value min(Arguments& a) { return extreme(a, -1); }
Value max(Arguments& a) { return extreme(a, 1); }

Value sum(Arguments& a) {
    const Items list(a);
    if (list.missing()) return a.fail("the list is null");
    if (list.size() == 0) return {};
    if (!list.all_numbers()) {
        // Durations add up as well; 10.3.4.4 names only numbers, but so does + not.
        Value total = *list.begin();
        if (total.kind() != Kind::days_time_duration && total.kind() != Kind::years_months_duration) return a.fail("an item is no number");
        for (const Value* v = list.begin() + 1; v != list.end(); ++v) {
            if (v->kind() != total.kind()) return a.fail("the items are of different types");
            total = add(total, *v);
        }
        return total;
    }
    Decimal total;
    for (const Value& v : list) {
        const auto next = add(total, v.number_bits());
        if (!next) return a.fail("the sum is too large");
        total = *next;
    }
    return Value::number(total);
}

std::optional<Decimal> mean_of(const Items& list) {
    Decimal total;
    for (const Value& v : list) {
        const auto next = add(total, v.number_bits());
        if (!next) return std::nullopt;
        total = *next;
    }
    return divide(total, static_cast<std::int64_t>(list.size()));
}

bool number_list(Arguments& a, const Items& list) {
    if (list.missing() || !list.all_numbers()) {
        a.error = "an item is no number";
        return false;
    }
    return list.size() != 0;
}

Value mean(Arguments& a) {
    const Items list(a);
    return number_list(a, list) ? from_optional(mean_of(list)) : Value{};
}

Value product(Arguments& a) {
    const Items list(a);
    if (!number_list(a, list)) return {};
    Decimal result = 1;
    for (const Value& v : list) {
        const auto next = multiply(result, v.number_bits());
        if (!next) return a.fail("the product is too large");
        result = *next;
    }
    return Value::number(result);
}

std::vector<Decimal> sorted_numbers(const Items& list) {
    std::vector<Decimal> numbers;
    for (const Value& v : list) numbers.push_back(v.number_bits());
    std::stable_sort(numbers.begin(), numbers.end(), [](Decimal x, Decimal y) { return compare(x, y) < 0; });
    return numbers;
}

Value median(Arguments& a) {
    const Items list(a);
    if (!number_list(a, list)) return {};
    const auto numbers = sorted_numbers(list);
    const std::size_t middle = numbers.size() / 2;
    if (numbers.size() % 2 == 1) return Value::number(numbers[middle]);
    const auto both = add(numbers[middle - 1], numbers[middle]);
    return both ? from_optional(divide(*both, 2)) : Value{};
}

Value stddev(Arguments& a) {
    const Items list(a);
    if (!number_list(a, list)) return {};
    if (list.size() < 2) return a.fail("at least two numbers are needed");
    const auto middle = mean_of(list);
    Decimal squares;
    for (const Value& v : list) {
        const auto distance = middle ? subtract(v.number_bits(), *middle) : std::nullopt;
        const auto square = distance ? multiply(*distance, *distance) : std::nullopt;
        const auto next = square ? add(squares, *square) : std::nullopt;
        if (!next) return a.fail("the numbers are too large");
        squares = *next;
    }
    const auto variance = divide(squares, static_cast<std::int64_t>(list.size()) - 1);
    return variance ? from_optional(square_root(*variance)) : Value{};
}

Value mode(Arguments& a) {
    const Items list(a);
    if (list.missing() || !list.all_numbers()) return a.fail("an item is no number");
    const auto numbers = sorted_numbers(list);
    std::size_t most = 0;
    List modes;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t end = i;
        while (end < numbers.size() && numbers[end] == numbers[i]) ++end;
        if (end - i > most) {
            most = end - i;
            modes.clear();
        }
        if (end - i == most) modes.push_back(Value::number(numbers[i]));
        i = end;
    }
    return Value::list(std::move(modes));
}

/// 10.3.4.4: a certain answer wins; without one, anything that is not boolean makes it unknown.
Value quantified(Arguments& a, bool deciding) {
    const Items list(a);
    if (list.missing()) return a.fail("the list is null");
    bool unknown = false;
    for (const Value& v : list) {
        if (v.kind() == Kind::boolean && v.is_true() == deciding) return Value::boolean(deciding);
        if (v.kind() != Kind::boolean && !v.is_null()) return a.fail("an item is no boolean");
        unknown = unknown || v.kind() != Kind::boolean;
    }
    return unknown ? Value{} : Value::boolean(!deciding);
}
Value all(Arguments& a) { return quantified(a, false); }
Value any(Arguments& a) { return quantified(a, true); }

Value sublist(Arguments& a) {
    List list;
    if (!as_list(a, list)) return a.fail("the list is null");
    const auto start = whole_number(a[1]);
    const auto size = static_cast<std::int64_t>(list.size());
    if (!start || *start == 0 || *start > size || *start < -size) return a.fail("the start position is outside of the list");
    const std::int64_t from = *start > 0 ? *start - 1 : size + *start;
    std::int64_t length = size - from;
    if (a.has(2) && a.kind(2) != Kind::null) {
        const auto wanted = whole_number(a[2]);
        if (!wanted || *wanted < 0 || *wanted > length) return a.fail("the length is outside of the list");
        length = *wanted;
    }
    return Value::list(List(list.begin() + from, list.begin() + from + length));
}

Value append(Arguments& a) {
    List list;
    if (a.kind(0) == Kind::list) list = items(a[0]);
    else if (a.kind(0) != Kind::null) list = {a[0]};
    else return a.fail("the list is null");
    for (std::size_t i = 1; i < a.count; ++i) list.push_back(a[i]);
    return Value::list(std::move(list));
}

bool add_lists(Arguments& a, List& all_items) {
    for (std::size_t i = 0; i < a.count; ++i) {
        if (a.kind(i) == Kind::null) return false;
        if (a.kind(i) == Kind::list) all_items.insert(all_items.end(), items(a[i]).begin(), items(a[i]).end());
        else all_items.push_back(a[i]);
    }
    return true;
}

Value concatenate(Arguments& a) {
    List all_items;
    return add_lists(a, all_items) ? Value::list(std::move(all_items)) : a.fail("a list is null");
}

bool holds(const List& list, const Value& v) {
    return std::any_of(list.begin(), list.end(), [&](const Value& other) { return equal(v, other).value_or(false); });
}

Value distinct(const List& list) {
    List kept;
    for (const auto& v : list) {
        // Quadratic: what counts as equal has no order. The budget keeps long lists from taking for ever.
        if (Run* run = current_run(); run != nullptr && !run->spend(static_cast<std::int64_t>(kept.size() / 4))) return {};
        if (!holds(kept, v)) kept.push_back(v);
    }
    return Value::list(std::move(kept));
}

Value list_union(Arguments& a) {
    List all_items;
    return add_lists(a, all_items) ? distinct(all_items) : a.fail("a list is null");
}

Value distinct_values(Arguments& a) {
    List list;
    return as_list(a, list) ? distinct(list) : a.fail("the list is null");
}

Value insert_before(Arguments& a) {
    List list;
    if (!as_list(a, list)) return a.fail("the list is null");
    const auto place = whole_number(a[1]);
    const auto size = static_cast<std::int64_t>(list.size());
    if (!place || *place == 0 || *place > size || *place < -size) return a.fail("the position is outside of the list");
    list.insert(list.begin() + (*place > 0 ? *place - 1 : size + *place), a[2]);
    return Value::list(std::move(list));
}

Value remove(Arguments& a) {
    List list;
    if (!as_list(a, list)) return a.fail("the list is null");
    const auto place = whole_number(a[1]);
    const auto size = static_cast<std::int64_t>(list.size());
    if (!place || *place == 0 || *place > size || *place < -size) return a.fail("the position is outside of the list");
    list.erase(list.begin() + (*place > 0 ? *place - 1 : size + *place));
    return Value::list(std::move(list));
}

Value list_replace(Arguments& a) {
    if (a.kind(0) == Kind::null) return a.fail("the list is null");
    List list;
    as_list(a, list);
    // The named form `match` leaves the position out: (list, position, newItem, match)
    const Value& selector = a.count == 4 ? a[3] : a[1];
    if (selector.kind() == Kind::function) {
        for (auto& v : list) {
            const Value arguments[] = {v, a[2]};
            const Value hit = invoke(selector, arguments, 2, &a.error);
            if (hit.kind() != Kind::boolean) return a.fail("the match function gives no boolean");
            if (hit.is_true()) v = a[2];
        }
        return Value::list(std::move(list));
    }
    const auto place = whole_number(selector);
    const auto size = static_cast<std::int64_t>(list.size());
    if (!place || *place == 0 || *place > size || *place < -size) return a.fail("the position is outside of the list");
    list[static_cast<std::size_t>(*place > 0 ? *place - 1 : size + *place)] = a[2];
    return Value::list(std::move(list));
}

Value reverse(Arguments& a) {
    List list;
    if (!as_list(a, list)) return a.fail("the list is null");
    std::reverse(list.begin(), list.end());
    return Value::list(std::move(list));
}

Value index_of(Arguments& a) {
    List list;
    if (!as_list(a, list)) return a.fail("the list is null");
    List found;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (equal(list[i], a[1]).value_or(false)) found.push_back(Value::number(static_cast<std::int64_t>(i + 1)));
    }
    return Value::list(std::move(found));
}

/// False where the list, which may hold the same list many times, has more items than there is memory for.
bool flatten_into(const Value& v, List& out, int depth) {
    if (Run* run = current_run(); run != nullptr && !run->spend(1)) return false;
    if (v.kind() != Kind::list || depth > 1000) {
        out.push_back(v);
        return true;
    }
    return std::all_of(items(v).begin(), items(v).end(), [&](const Value& item) { return flatten_into(item, out, depth + 1); });
}

Value flatten(Arguments& a) {
    if (a.kind(0) == Kind::null) return a.fail("the list is null");
    List out;
    if (!flatten_into(a[0], out, 0)) return a.fail("the list has too many items");
    return Value::list(std::move(out));
}

/// Merge sort by hand: a comparison that a package writes may be inconsistent, which std::sort does not forgive.
bool merge_sort(List& list, const Value& precedes, std::string& error) {
    List other(list.size());
    for (std::size_t width = 1; width < list.size(); width *= 2) {
        for (std::size_t begin = 0; begin < list.size(); begin += 2 * width) {
            const std::size_t middle = std::min(begin + width, list.size());
            const std::size_t end = std::min(begin + 2 * width, list.size());
            std::size_t left = begin;
            std::size_t right = middle;
            for (std::size_t out = begin; out < end; ++out) {
                bool take_right = left == middle;
                if (left < middle && right < end) {
                    const Value arguments[] = {list[right], list[left]};
                    Value first;
                    if (precedes.is_null()) {
                        const auto o = order(arguments[0], arguments[1]);
                        if (o) first = Value::boolean(*o < 0);
                    } else {
                        first = invoke(precedes, arguments, 2, &error);
                    }
                    if (first.kind() != Kind::boolean) return false;
                    take_right = first.is_true();
                }
                other[out] = list[take_right ? right++ : left++];
            }
        }
        list.swap(other);
    }
    return true;
}

Value sort(Arguments& a) {
    List list;
    if (!as_list(a, list)) return a.fail("the list is null");
    if (a.has(1) && a.kind(1) != Kind::function) return a.fail("the second argument is no function");
    if (!merge_sort(list, a.has(1) ? a[1] : Value{}, a.error)) return a.fail("the items cannot be put in order");
    return Value::list(std::move(list));
}

}  // namespace

std::vector<Builtin> list_builtins() {
    return {
        {"list contains", "list,element", 2, 2, list_contains, "boolean"},
        {"count", "list", 1, 1, count, "number"},
        {"min", "list", 1, kAny, min, "item"},
        {"max", "list", 1, kAny, max, "item"},
        {"sum", "list", 1, kAny, sum, "item"},
        {"mean", "list", 1, kAny, mean, "number"},
        {"product", "list", 1, kAny, product, "number"},
        {"median", "list", 1, kAny, median, "number"},
        {"stddev", "list", 1, kAny, stddev, "number"},
        {"mode", "list", 1, kAny, mode, "numbers"},
        {"all", "list", 1, kAny, all, "boolean"},
        {"any", "list", 1, kAny, any, "boolean"},
        {"sublist", "list,start position,length", 2, 3, sublist, "same"},
        {"append", "list,item", 2, kAny, append, "Any"},
        {"concatenate", "list", 1, kAny, concatenate, "Any"},
        {"union", "list", 1, kAny, list_union, "Any"},
        {"insert before", "list,position,newItem", 3, 3, insert_before, "Any"},
        {"remove", "list,position", 2, 2, remove, "same"},
        {"list replace", "list,position,newItem;list,,newItem,match", 3, 4, list_replace, "Any"},
        {"reverse", "list", 1, 1, reverse, "same"},
        {"index of", "list,match", 2, 2, index_of, "numbers"},
        {"distinct values", "list", 1, 1, distinct_values, "same"},
        {"flatten", "list", 1, 1, flatten, "list"},
        {"sort", "list,precedes", 1, 2, sort, "same"},
    };
}

}  // namespace kiepe::feel
