// kiepe_dmn_tck DIR...: the conformance kit without the rest of the program.
#include <iostream>

#include "dmn/tck.h"

int main(int argc, char** argv) { return kiepe::dmn::run_tck({argv + 1, argv + argc}, std::cout); }
