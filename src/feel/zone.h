#pragma once
// Time zones of the IANA data base, read from TZif files (RFC 8536), right before 1970 and after 2037.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kiepe::feel {

/// One rule of a TZif footer: "M3.5.0/2" is the last Sunday of March at two.
struct ZoneRule {
    enum class By { month_week_day, julian_without_leap, day_of_year } by = By::month_week_day;
    int month = 0, week = 0, day = 0;
    std::int32_t seconds = 7200;  // of the local day
};

/// Immutable once read.
struct Zone {
    std::string name;
    std::vector<std::int64_t> transitions = {};   // UTC seconds
    std::vector<std::int32_t> offsets = {};       // offset in force from transitions[i] on
    std::int32_t first_offset = 0;                // before the first transition
    bool has_footer = false;
    bool has_summer = false;
    std::int32_t winter_offset = 0, summer_offset = 0;
    ZoneRule summer_begins = {}, winter_begins = {};

    std::int32_t offset_at_utc(std::int64_t utc_seconds) const;
    /// The offset of a wall-clock time. In a gap: the one before it; where the hour comes twice: the first.
    std::int32_t offset_at_local(std::int64_t local_seconds) const;
};

/// The zone with this name ("Europe/Berlin"), nullptr where there is none. Zones are read once and live as long as the program.
const Zone* find_zone(std::string_view name);

/// Parses TZif bytes; false where they are no valid file.
bool read_tzif(std::string_view bytes, Zone& zone);

}  // namespace kiepe::feel
