"""How the layout engine comes into the process: without what only other machines and fonts need.

As it comes, WeasyPrint asks for its libraries by the names they have elsewhere first, and the
standard library runs `ldconfig` and a compiler for each name that is missed. It also imports
fontTools' subsetter and instancer, which it needs only for variable fonts and where HarfBuzz
cannot make subsets. Both together are a quarter of the first report of a process.
"""

import ctypes.util
import functools
import gc
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_LIBRARIES = re.compile("gobject|pango|harfbuzz|fontconfig")
_SELDOM_NEEDED = ("fontTools.subset", "fontTools.varLib.instancer")


@functools.cache
def bring_in() -> None:
    """Import WeasyPrint; call it before anything of WeasyPrint is named.

    What was imported never goes away, so no later look for garbage goes through it.
    """
    with _libraries_by_their_own_names(), _deferred(_SELDOM_NEEDED):
        importlib.import_module("weasyprint")
    gc.freeze()


@contextmanager
def _libraries_by_their_own_names() -> Iterator[None]:
    """Let the loader find the engine's libraries (libpango-1.0.so.0), and nobody guess."""
    ask = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None if _LIBRARIES.search(name) else ask(name)
    try:
        yield
    finally:
        ctypes.util.find_library = ask


class _Deferred(ModuleType):
    """Stands for a module whose functions and classes are only called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def called(*given: Any, **named: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), name)(*given, **named)

        return called


@contextmanager
def _deferred(names: tuple[str, ...]) -> Iterator[None]:
    """Whoever imports these modules meanwhile gets what imports them when it is called."""
    put = {name: _Deferred(name) for name in names if name not in sys.modules}
    sys.modules.update(put)
    try:
        yield
    finally:
        for name, stand_in in put.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
