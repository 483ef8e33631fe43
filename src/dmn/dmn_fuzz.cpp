// libFuzzer: whatever stands in a model, loading and evaluating end.
#include <cstddef>
#include <cstdint>

#include "dmn/dmn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kiepe::dmn::Limits limits;
    limits.operations = 100'000;
    limits.memory = 16 << 20;
    const std::string_view xml(reinterpret_cast<const char*>(data), size);
    const auto model = kiepe::dmn::Model::load(xml, {}, limits);
    if (!model) return 0;
    const auto inputs = kiepe::feel::Value::context({});
    (void)model->evaluate_all(inputs);
    for (const auto& decision : model->decisions()) (void)kiepe::dmn::to_json(model->explain(decision.name, inputs));
    return 0;
}
