// kiepe-upload-check: looks at one file that somebody sent and says what it is. Reads the file from standard input, writes lines
// "name value", an empty line and then the parts whose sizes the lines `jpeg` and `grey` give. Everything that a hostile file could
// break happens here, in a process that may only compute: after `confine` it can open nothing, start nothing and reach nobody.
#include <magic.h>
#include <seccomp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <vips/vips8>

namespace {

constexpr int kLongestStored = 4096;   // an A4 page at 300 dpi has 3508
constexpr int kLongestMeasured = 1600;

std::string read_all(int fd) {
    std::string bytes;
    std::array<char, 65536> part;
    for (;;) {
        const auto got = read(fd, part.data(), part.size());
        if (got <= 0) return bytes;
        bytes.append(part.data(), static_cast<std::size_t>(got));
    }
}

void write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (sent <= 0) _exit(2);
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// From here on: memory, threads, clocks, and the two open streams. Libraries and their data were loaded before.
bool confine() {
#ifndef __SANITIZE_ADDRESS__
    const rlimit memory{std::size_t{2} << 30, std::size_t{2} << 30};
    if (setrlimit(RLIMIT_AS, &memory) != 0) return false;
#endif
    const rlimit nothing{0, 0};
    if (setrlimit(RLIMIT_FSIZE, &nothing) != 0) return false;
    const auto context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (context == nullptr) return false;
    for (const int call : {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(lseek),
                           SCMP_SYS(newfstatat), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mprotect), SCMP_SYS(mremap),
                           SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex), SCMP_SYS(clone), SCMP_SYS(clone3),
                           SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(set_tid_address), SCMP_SYS(gettid), SCMP_SYS(getpid),
                           SCMP_SYS(tgkill), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
                           SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_getattr),
                           SCMP_SYS(sched_setattr), SCMP_SYS(sched_getscheduler), SCMP_SYS(sched_getparam), SCMP_SYS(prctl),
                           SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
                           SCMP_SYS(sysinfo), SCMP_SYS(getrusage), SCMP_SYS(prlimit64), SCMP_SYS(exit), SCMP_SYS(exit_group)}) {
        if (seccomp_rule_add(context, SCMP_ACT_ALLOW, call, 0) != 0) return false;
    }
    const bool loaded = seccomp_load(context) == 0;
    seccomp_release(context);
    return loaded;
}

void say(const char* name, double value) {
    std::array<char, 64> line;
    const auto length = std::snprintf(line.data(), line.size(), "%s %.4f\n", name, value);
    write_all({line.data(), static_cast<std::size_t>(length)});
}

void say(const char* name, const std::string& value) { write_all(std::string(name) + ' ' + value + '\n'); }

vips::VImage to_srgb(vips::VImage image) {
    const bool profile = image.get_typeof(VIPS_META_ICC_NAME) != 0;
    if (profile || image.interpretation() == VIPS_INTERPRETATION_CMYK) {
        try {
            const char* from = image.interpretation() == VIPS_INTERPRETATION_CMYK ? "cmyk" : "srgb";
            image = image.icc_transform("srgb", vips::VImage::option()->set("embedded", true)->set("input_profile", from));
        } catch (const vips::VError&) {
            // A broken colour profile is no reason to refuse somebody's document.
        }
    }
    image = image.colourspace(VIPS_INTERPRETATION_sRGB);
    if (image.has_alpha()) image = image.flatten(vips::VImage::option()->set("background", std::vector<double>{255, 255, 255}));
    return image.cast(VIPS_FORMAT_UCHAR);
}

vips::VImage longest_side(const vips::VImage& image, int most) {
    const int longest = std::max(image.width(), image.height());
    return longest <= most ? image : image.resize(static_cast<double>(most) / longest);
}

/// Variance of the Laplacian: how much the finest detail differs from its surroundings.
double laplacian_variance(const vips::VImage& grey) {
    const auto kernel = vips::VImage::new_matrixv(3, 3, 0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0);
    const double deviation = grey.cast(VIPS_FORMAT_FLOAT).conv(kernel).deviate();
    return deviation * deviation;
}

/// How steep the steepest edges are once noise is gone, against the picture's own contrast, 0 .. about 0.5: a page out of focus has
/// no steep edge, however many letters it has. Both directions must have them: a shaken picture is sharp only along the shake.
double edge_steepness(const vips::VImage& grey) {
    const auto along = vips::VImage::new_matrixv(3, 1, -0.5, 0.0, 0.5);
    const auto smooth = grey.gaussblur(1.5).copy_memory();
    const auto floats = smooth.cast(VIPS_FORMAT_FLOAT);
    const auto steepest = [&floats](const vips::VImage& kernel) {
        return (floats.conv(kernel).abs() * 8.0).cast(VIPS_FORMAT_UCHAR).percent(99.3) / 8.0;  // 99.3: a page with a few lines has edges too
    };
    const double contrast = std::max(8, smooth.percent(99) - smooth.percent(0.5));
    return std::min(steepest(along), steepest(along.rot90())) / contrast;
}

void measure(const vips::VImage& grey) {
    const auto smooth = grey.median(3);
    say("brightness", grey.avg());
    say("paper", grey.percent(90));
    say("laplacian", laplacian_variance(grey));
    say("sharpness", edge_steepness(grey));
    // Half of all points differ from their neighbourhood by less: grain of the sensor, not letters.
    const auto grain = ((grey.cast(VIPS_FORMAT_FLOAT) - smooth.cast(VIPS_FORMAT_FLOAT)).abs() * 8.0).cast(VIPS_FORMAT_UCHAR);
    say("noise", grain.percent(50) / 8.0);
}

int look_at_picture(const std::string& bytes, double most_pixels) {
    auto image = vips::VImage::new_from_buffer(bytes.data(), bytes.size(), "",
        vips::VImage::option()->set("access", VIPS_ACCESS_SEQUENTIAL)->set("fail_on", VIPS_FAIL_ON_TRUNCATED));
    if (static_cast<double>(image.width()) * image.height() > most_pixels) {
        say("problem", std::string("too_many_pixels"));
        return 0;
    }
    image = to_srgb(image).copy_memory().autorot();
    const auto stored = longest_side(image, kLongestStored).copy_memory();
    const auto grey = longest_side(stored.colourspace(VIPS_INTERPRETATION_B_W), kLongestMeasured).extract_band(0).copy_memory();
    say("width", stored.width());
    say("height", stored.height());
    measure(grey);
    const std::string head = "P5 " + std::to_string(grey.width()) + ' ' + std::to_string(grey.height()) + " 255\n";
    const auto pixels = static_cast<std::size_t>(grey.width()) * static_cast<std::size_t>(grey.height());
    std::size_t size = 0;
    void* jpeg = nullptr;
    stored.write_to_buffer(".jpg", &jpeg, &size, vips::VImage::option()->set("Q", 85)->set("strip", true)->set("optimize_coding", true));
    say("jpeg", std::to_string(size));
    say("grey", std::to_string(head.size() + pixels));
    write_all("\n");
    write_all({static_cast<const char*>(jpeg), size});
    write_all(head);
    write_all({static_cast<const char*>(grey.data()), pixels});
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    double most_pixels = 50e6;
    if (argc > 1) std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), most_pixels);
    const auto bytes = read_all(STDIN_FILENO);
    if (VIPS_INIT(argv[0]) != 0) return 3;
    vips_block_untrusted_set(TRUE);
    vips_cache_set_max(0);
    vips_concurrency_set(2);
    const auto magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
    if (magic == nullptr || magic_load(magic, nullptr) != 0 || !confine()) return 3;
    const char* judged = magic_buffer(magic, bytes.data(), bytes.size());
    const std::string type = judged == nullptr ? "unknown" : judged;
    say("type", type);
    int code = 0;
    for (const auto* picture : {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "image/avif"}) {
        if (type != picture) continue;
        try {
            code = look_at_picture(bytes, most_pixels);
        } catch (const vips::VError&) {
            say("problem", std::string("broken"));
        }
    }
    write_all("\n");
    _exit(code);  // nothing to tidy up that the end of the process does not
}
