#include "feel/feel.h"

#include "feel/node.h"

namespace kiepe::feel {

using namespace detail;

Run*& current_run() {
    thread_local Run* run = nullptr;
    return run;
}

namespace {

/// How far calls may grow the stack: threads have 8 MB, of which others need some as well.
constexpr std::ptrdiff_t kStackBytes = 3 << 20;

const char* stack_here() { return static_cast<const char*>(__builtin_frame_address(0)); }

/// Makes the thread's run while the outermost evaluation lasts, so that everything called from it shares its limits.
class RunScope {
public:
    RunScope(std::vector<Diagnostic>* errors, Step* trace) : outer_(current_run()) {
        if (outer_ != nullptr) {
            run_.budget = outer_->budget;
            run_.exhausted = outer_->exhausted;
            run_.stack_end = outer_->stack_end;
        } else {
            run_.stack_end = stack_here() - kStackBytes;
        }
        run_.errors = errors;
        run_.trace = trace;
        current_run() = &run_;
    }
    ~RunScope() {
        current_run() = outer_;
        if (outer_ != nullptr) {
            outer_->budget = run_.budget;
            outer_->exhausted = run_.exhausted;
        }
    }
    RunScope(const RunScope&) = delete;
    RunScope& operator=(const RunScope&) = delete;
    Run* get() { return &run_; }

private:
    Run run_;
    Run* outer_;
};

Value evaluate_with(const Expression::Code& code, const Value& context, std::vector<Diagnostic>* errors, Step* trace) {
    RunScope scope(errors, trace);
    if (stack_here() < scope.get()->stack_end) {
        if (errors != nullptr) errors->push_back({"the calls are nested too deeply", 0, {}});
        return {};
    }
    if (code.slots == 0) {
        Frame frame{&context, nullptr, 0, scope.get(), &code};
        return code.root->eval(frame);
    }
    constexpr std::size_t few = 4;
    std::array<Value, few> nearby;
    std::vector<Value> many;
    if (code.slots > few) many.resize(code.slots);
    Frame frame{&context, code.slots > few ? many.data() : nearby.data(), code.slots, scope.get(), &code};
    return code.root->eval(frame);
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
    return evaluate_with(*code_, context, errors, nullptr);
}

Value Expression::evaluate_at(const Value* places, std::vector<Diagnostic>* errors) const {
    Run* const run = current_run();
    if (run == nullptr) {
        const Session session;
        return evaluate_at(places, errors);
    }
    const Reporting reporting(*run, errors);
    if (stack_here() < run->stack_end) {
        if (errors != nullptr) errors->push_back({"the calls are nested too deeply", 0, {}});
        return {};
    }
    constexpr std::size_t few = 8;
    if (code_->slots == 0) {
        Frame frame{nullptr, nullptr, 0, run, code_.get(), places};
        return code_->root->eval(frame);
    }
    if (code_->slots <= few) {
        std::array<Value, few> nearby;
        Frame frame{nullptr, nearby.data(), code_->slots, run, code_.get(), places};
        return code_->root->eval(frame);
    }
    std::vector<Value> many(code_->slots);
    Frame frame{nullptr, many.data(), code_->slots, run, code_.get(), places};
    return code_->root->eval(frame);
}

bool Expression::placeable() const { return !code_->closures; }

Session::Session() : outer_(current_run()) {
    if (outer_ != nullptr) run_ = *outer_;
    else run_.stack_end = stack_here() - kStackBytes;
    run_.errors = nullptr;
    run_.trace = nullptr;
    current_run() = &run_;
}

Session::~Session() {
    current_run() = outer_;
    if (outer_ == nullptr) return;
    outer_->budget = run_.budget;
    outer_->exhausted = run_.exhausted;
}

Step Expression::explain(const Value& context) const {
    Step holder;
    const Value value = evaluate_with(*code_, context, nullptr, &holder);
    if (!holder.parts.empty()) return std::move(holder.parts.front());
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
    if (f.native != nullptr) return f.native(f.self, arguments, count);
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
    RunScope scope(errors, nullptr);
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

Value make_native_function(std::vector<std::string> parameters, NativeBody body, const void* self) {
    auto* made = new FunctionObject;
    Value function = Value::of(Kind::function, made);
    made->least = made->most = parameters.size();
    made->parameters = std::move(parameters);
    made->native = body;
    made->self = self;
    return function;
}

std::vector<std::string> parameters_of(const Value& function) {
    return function.kind() == Kind::function ? detail::function(function).parameters : std::vector<std::string>{};
}

}  // namespace kiepe::feel
