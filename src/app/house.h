#pragma once
// The only place where the rooms are put together.
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "app/settings.h"
#include "base/result.h"

namespace kiepe::app {

/// Everything that a running Kiepe consists of. Made once; destroyed in reverse order.
class House {
public:
    /// Errors: what the settings, the city folder or a package got wrong, with file and line.
    static Result<std::unique_ptr<House>> open(const Settings& settings);
    ~House();

    void serve();                     ///< starts the server and the job worker
    std::uint16_t port() const;
    void stop();
    int run_due_jobs();               ///< `kiepe jobs run`
    std::string verify();             ///< empty: all journals are whole; else the first broken event
    void backup(const std::string& folder);
    /// Demo logins of staff as "name  password" lines; the passwords are made once and lie beside the keys.
    std::string demo_logins() const;

private:
    struct Impl;
    explicit House(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kiepe::app
