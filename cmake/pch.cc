// Nothing here: this file exists to compile pch.h.
