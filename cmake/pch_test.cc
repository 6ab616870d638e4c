// Nothing here: this file exists to compile pch_test.h.
