#include "feel/feel.h"

#include <cstddef>
#include <memory>

#include "feel/node.h"

namespace kiepe::feel {

using namespace detail;

Run*& current_run() {
    thread_local Run* run = nullptr;
    return run;
}

namespace {

/// Room for the variables of an expression; most have few.
class Slots {
public:
    explicit Slots(std::size_t count) : count_(count), many_(count > kFew ? count : 0) {
        if (count <= kFew) std::uninitialized_value_construct_n(few(), count_);
    }
    ~Slots() {
        if (count_ <= kFew) std::destroy_n(few(), count_);
    }
    Slots(const Slots&) = delete;
    Slots& operator=(const Slots&) = delete;
    Value* data() { return count_ > kFew ? many_.data() : few(); }

private:
    static constexpr std::size_t kFew = 8;
    Value* few() { return reinterpret_cast<Value*>(nearby_); }

    std::size_t count_;
    alignas(Value) std::byte nearby_[kFew * sizeof(Value)];
    std::vector<Value> many_;
};

[[gnu::noinline]] Value with_slots(Frame& frame) {
    Slots slots(frame.code->slots);
    frame.slots = slots.data();
    frame.slot_count = frame.code->slots;
    return frame.code->root->eval(frame);
}

/// What ran out of time or memory says nothing: its null must not choose the other branch of an `if`.
[[gnu::noinline, gnu::cold]] Value ran_out(Run& run) {
    if (run.errors != nullptr) run.errors->push_back({"the evaluation takes too long or needs too much memory", 0, {}});
    return {};
}

/// From a context or from places.
inline Value evaluated(Run& run, const Expression::Code& code, const Value* context, const Value* places) {
    if (stack_here() < run.stack_end) [[unlikely]] {
        if (run.errors != nullptr) run.errors->push_back({"the calls are nested too deeply", 0, {}});
        return {};
    }
    Frame frame{context, nullptr, 0, &run, &code, places};
    Value value = code.slots == 0 ? code.root->eval(frame) : with_slots(frame);
    if (run.exhausted) [[unlikely]] value = ran_out(run);
    return value;
}

/// Has the thread's run report to somebody else for a while.
class Reporting {
public:
    Reporting(Run& run, std::vector<Diagnostic>* errors) : run_(run), errors_(std::exchange(run.errors, errors)), trace_(std::exchange(run.trace, nullptr)) {}
    ~Reporting() {
        run_.errors = errors_;
        run_.trace = trace_;
    }
    Reporting(const Reporting&) = delete;
    Reporting& operator=(const Reporting&) = delete;

private:
    Run& run_;
    std::vector<Diagnostic>* errors_;
    Step* trace_;
};

/// The value of a default-made Expression is null.
std::shared_ptr<const Expression::Code> empty_code() {
    auto code = std::make_shared<Expression::Code>();
    code->text = "null";
    code->root = std::make_unique<Constant>(Value{});
    return code;
}

}  // namespace

Expression::Expression() : code_(empty_code()) {}
Expression::Expression(std::shared_ptr<const Code> code) : code_(std::move(code)) {}

Value Expression::evaluate(const Value& context, std::vector<Diagnostic>* errors) const {
    Session session(errors);
    return evaluated(session.run(), *code_, &context, nullptr);
}

Value Expression::evaluate_at(const Value* places, std::vector<Diagnostic>* errors) const {
    const Code& code = *code_;
    if (code.number_tests != nullptr) {  // can neither fail nor run over a limit
        const Value& input = places[code.input_place];
        if (input.is_number()) return value_of(code.number_tests->of_number(input.number_bits()));
    }
    if (Run* const run = current_run(); run != nullptr) {
        const Reporting reporting(*run, errors);
        return evaluated(*run, code, nullptr, places);
    }
    Session session(errors);
    return evaluated(session.run(), code, nullptr, places);
}

bool Expression::placeable() const { return !code_->closures; }

Step Expression::explain(const Value& context) const {
    Step holder;
    Session session(nullptr, &holder);
    const Value value = evaluated(session.run(), *code_, &context, nullptr);
    if (!holder.parts.empty()) {
        holder.parts.front().value = value;  // null where it ran out
        return std::move(holder.parts.front());
    }
    return {code_->text, value, {}};  // a constant
}

const std::set<std::string>& Expression::uses() const { return code_->uses; }
const std::string& Expression::text() const { return code_->text; }
const Type& Expression::type() const { return code_->type; }

Value invoke(const Value& function, const Value* arguments, std::size_t count, std::string* error) {
    const auto fail = [&](const char* reason) {
        if (error != nullptr) *error = reason;
        return Value{};
    };
    if (function.kind() != Kind::function) return fail("this is no function");
    const FunctionObject& f = detail::function(function);
    if (count < f.least || count > f.most) return fail("the number of arguments is wrong");
    Run* const run = current_run();
    if (run != nullptr && (stack_here() < run->stack_end || !run->spend(1))) return fail("the calls are nested too deeply");
    if (f.native != nullptr) return f.native(f.tag, arguments, count);
    std::string reason;
    if (f.types.empty()) {
        Value result = f.body(arguments, count, reason);
        if (error != nullptr) *error = std::move(reason);
        return result;
    }
    // 10.3.2.9.4: an argument that does not conform to its parameter's type is null, and so is the call.
    std::vector<Value> converted(arguments, arguments + count);
    for (std::size_t i = 0; i < count && i < f.types.size(); ++i) {
        if (converted[i].is_null()) continue;
        converted[i] = coerce(converted[i], f.types[i]);
        if (converted[i].is_null()) return fail("an argument does not conform to the type of its parameter");
    }
    Value result = f.body(converted.data(), count, reason);
    if (error != nullptr) *error = std::move(reason);
    return result;
}

Value call(const Value& function, const List& arguments, std::vector<Diagnostic>* errors) {
    const Session session(errors);
    std::string error;
    Value result = invoke(function, arguments.data(), arguments.size(), &error);
    if (!error.empty() && errors != nullptr) errors->push_back({std::move(error), 0, {}});
    return result;
}

Value make_function(std::vector<std::string> parameters, std::function<Value(const List&)> body, Type type) {
    auto* made = new FunctionObject;
    Value function = Value::of(Kind::function, made);
    made->least = made->most = parameters.size();
    made->parameters = std::move(parameters);
    made->type = std::move(type);
    for (const auto& parameter : made->type.parameters) made->types.push_back(parameter ? *parameter : Type{});
    made->body = [inner = std::move(body)](const Value* arguments, std::size_t count, std::string&) {
        return inner(List(arguments, arguments + count));
    };
    return function;
}

Value make_native_function(std::vector<std::string> parameters, NativeBody body, std::uint64_t tag) {
    auto* made = new FunctionObject;
    Value function = Value::of(Kind::function, made);
    made->least = made->most = parameters.size();
    made->parameters = std::move(parameters);
    made->native = body;
    made->tag = tag;
    return function;
}

std::vector<std::string> parameters_of(const Value& function) {
    return function.kind() == Kind::function ? detail::function(function).parameters : std::vector<std::string>{};
}

}  // namespace kiepe::feel
