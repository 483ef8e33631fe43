// Makes 40 photos of invented letters as telephones take them: make_photos DIR [SEED [LONGEST_SIDE]]. Beside them DIR/labels.tsv says, for each
// photo, what was done to it and whether a person can still read it ("yes", "no"). Same seed, same photos.
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>
#include <vips/vips8>

namespace {

using vips::VImage;

class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
    double between(double low, double high) {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return low + (high - low) * static_cast<double>(state_ >> 11) / 9007199254740992.0;
    }
    int below(int n) { return std::min(n - 1, static_cast<int>(between(0, n))); }

private:
    std::uint64_t state_;
};

// Strength of each defect: sigma of blur in thousandths of the page's width, share of light, pixels, deviation of noise.
struct Shot {
    const char* kind;
    double strength;
    bool readable;
};

constexpr Shot kShots[] = {
    {"good", 0, true}, {"good", 0, true}, {"good", 0, true}, {"good", 0, true}, {"good", 0, true}, {"good", 0, true},
    {"good", 0, true}, {"good", 0, true}, {"good", 0, true}, {"good", 0, true}, {"good", 0, true}, {"good", 0, true},
    {"blurred", 0.5, true}, {"blurred", 1.0, true}, {"blurred", 1.7, true},
    {"blurred", 3.0, false}, {"blurred", 3.4, false}, {"blurred", 3.8, false}, {"blurred", 4.5, false}, {"blurred", 6, false},
    {"shaken", 9, false}, {"shaken", 13, false},
    {"dark", 0.5, true}, {"dark", 0.25, true}, {"dark", 0.12, true},
    {"dark", 0.05, false}, {"dark", 0.04, false}, {"dark", 0.03, false}, {"dark", 0.02, false},
    {"small", 1400, true}, {"small", 1000, true},
    {"small", 440, false}, {"small", 400, false}, {"small", 360, false}, {"small", 300, false},
    {"noisy", 10, true}, {"noisy", 25, true}, {"noisy", 50, true},
    {"noisy", 130, false}, {"noisy", 170, false},
};

const std::vector<std::string> kSentences = {
    "Hiermit bescheinigen wir, dass die oben genannte Person seit dem 1. März 2024 bei uns beschäftigt ist.",
    "Der monatliche Bruttolohn beträgt 2.346,50 Euro und wird zum Ende des Monats überwiesen.",
    "Die Miete für die Wohnung im zweiten Obergeschoss links beträgt 612,00 Euro ohne Heizung.",
    "Bitte bewahren Sie dieses Schreiben auf, Sie brauchen es für Ihre Steuererklärung.",
    "Das Fahrzeug mit dem amtlichen Kennzeichen ist auf die Halterin zugelassen.",
    "Gegen diesen Bescheid können Sie innerhalb eines Monats Widerspruch einlegen.",
    "Die Betriebskosten enthalten Wasser, Müllabfuhr, Hausreinigung und Versicherung.",
    "Wir bestätigen den Eingang Ihrer Unterlagen und melden uns in den nächsten Tagen.",
    "Der Hund wurde am 14. Juni geimpft und trägt einen Chip mit fünfzehn Ziffern.",
    "Für Rückfragen erreichen Sie uns montags bis freitags von acht bis zwölf Uhr.",
    "Die Wohnfläche wurde nach der Wohnflächenverordnung mit 58,40 Quadratmetern berechnet.",
    "Der Beitrag zur Krankenversicherung wird von Ihrem Konto abgebucht.",
};

VImage a_page(Dice& dice) {
    std::string text = fmt::format("Kiepstadt, {}. November 2026\n\nBescheinigung Nummer {}\n\n", 1 + dice.below(28), 1000 + dice.below(9000));
    const int sentences = 10 + dice.below(14);
    for (int i = 0; i < sentences; ++i) {
        text += kSentences[static_cast<std::size_t>(dice.below(static_cast<int>(kSentences.size())))] + (i % 4 == 3 ? "\n\n" : " ");
    }
    const char* fonts[] = {"Lato 11", "Noto Sans 10", "Noto Serif 11", "Lato 12"};
    const auto ink = VImage::text(text.c_str(), VImage::option()->set("font", fonts[dice.below(4)])->set("width", 1330)->set("dpi", 200));
    const auto paper = VImage::black(1654, 2339).embed(0, 0, 1654, 2339);  // A4 at 200 dpi
    return (paper.insert(ink, 160, 200 + dice.below(200)) * -0.86 + 245).cast(VIPS_FORMAT_UCHAR);
}

/// The page on a table: turned a little, held askew, lit from one side.
VImage photographed(const VImage& page, Dice& dice, int longest) {
    const double turn = dice.between(-3, 3) * M_PI / 180;
    const double askew = dice.between(-0.03, 0.03);
    const double table = dice.between(40, 110);
    const double scale = longest / 2700.0;
    auto photo = page.affine({scale * std::cos(turn), scale * (askew - std::sin(turn)), scale * std::sin(turn), scale * std::cos(turn)},
                             VImage::option()->set("background", std::vector<double>{table})->set("extend", VIPS_EXTEND_BACKGROUND));
    const int width = longest * 3 / 4;
    photo = photo.gravity(VIPS_COMPASS_DIRECTION_CENTRE, width, longest,
                          VImage::option()->set("extend", VIPS_EXTEND_BACKGROUND)->set("background", std::vector<double>{table}));
    const auto across = VImage::xyz(width, longest).extract_band(dice.below(2)) / longest;
    return photo * (across * dice.between(-0.35, 0.0) + dice.between(0.85, 1.0));
}

VImage spoiled(VImage photo, const Shot& shot, Dice& dice) {
    const std::string kind = shot.kind;
    double grain = 3;
    if (kind == "blurred") photo = photo.gaussblur(shot.strength * photo.width() / 1000, VImage::option()->set("min_ampl", 0.05));
    if (kind == "shaken") {
        const int length = std::max(3, static_cast<int>(shot.strength * photo.width() / 1000));
        photo = photo.conv((VImage::black(length, 1) + 1).copy_memory().cast(VIPS_FORMAT_DOUBLE) / length);
    }
    if (kind == "dark") photo = photo * shot.strength;
    if (kind == "small") photo = photo.resize(shot.strength / std::max(photo.width(), photo.height()));
    if (kind == "noisy") grain = shot.strength;
    const auto noise = VImage::gaussnoise(photo.width(), photo.height(),
        VImage::option()->set("sigma", grain)->set("mean", 0.0)->set("seed", 1 + dice.below(1 << 30)));
    return (photo + noise).cast(VIPS_FORMAT_UCHAR);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2 || VIPS_INIT(argv[0]) != 0) return 2;
    const std::string folder = argv[1];
    const auto seed = argc > 2 ? std::stoull(argv[2]) : 1;
    const int longest = argc > 3 ? std::stoi(argv[3]) : 2600;
    std::ofstream labels(folder + "/labels.tsv");
    int number = 0;
    for (const auto& shot : kShots) {
        Dice dice(seed * 1000 + static_cast<unsigned>(number));
        const auto grey = spoiled(photographed(a_page(dice), dice, longest), shot, dice);
        const auto name = fmt::format("{:02}-{}.jpg", ++number, shot.kind);
        const std::vector<VImage> bands{grey, grey, (grey * 0.94).cast(VIPS_FORMAT_UCHAR)};
        const auto colour = VImage::bandjoin(bands).copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
        colour.write_to_file((folder + '/' + name).c_str(), VImage::option()->set("Q", 88));
        labels << name << '\t' << shot.kind << '\t' << (shot.readable ? "yes" : "no") << '\n';
    }
    return 0;
}
