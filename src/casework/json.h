#pragma once
// What the journal and the drafts keep, as FEEL values: their JSON is lossless for decimals and dates. Only inside this room.
#include <string>
#include <vector>

#include "casework/decider.h"

namespace kiepe::casework {

feel::Value text_value(const std::string& text);
feel::Value texts_value(const std::vector<std::string>& texts);
feel::Value map_value(const std::map<std::string, std::string>& map);
std::string text_in(const feel::Value& context, std::string_view name);
std::int64_t number_in(const feel::Value& context, std::string_view name);
std::vector<std::string> texts_in(const feel::Value& context, std::string_view name);
std::map<std::string, std::string> map_in(const feel::Value& context, std::string_view name);

feel::Value sure_value(const std::map<std::string, Level>& sure);
std::map<std::string, Level> sure_in(const feel::Value& context, std::string_view name);

feel::Value to_value(const Application& application);
Application application_from(const feel::Value& value);
feel::Value to_value(const Preparation& preparation);

}  // namespace kiepe::casework
