#include "rules/made_cases.h"
