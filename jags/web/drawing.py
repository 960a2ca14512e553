"""Jinja for our pages: what a page asks of it hundreds of times costs little, and comes out the same."""

import re
from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import escape

# What `escape` writes in another way. Nearly nothing that is put into a page has any of them.
_ESCAPED = re.compile("[&<>\"']").search


def written(value: object) -> str:
    """Return what `escape` returns for a value, to be joined to the rest of a page: plain text with nothing to escape as it is.

    `escape` makes an object of markup of each text. A list of fifty writes thousands, and they are joined at once.
    """
    if type(value) is str and not _ESCAPED(value):
        return value
    return escape(value)


class _Generator(CodeGenerator):
    """Compiles templates so that they call `written` where they would call `escape`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Context(Context):
    """Calls macros straight: a list of fifty calls seven hundred, and Jinja's own way looks twice at each for what it might take."""

    def call(self, called: Any, *arguments: Any, **named: Any) -> Any:
        """Call what a template calls; what Jinja adds for functions that take the context is nothing to a macro."""
        if type(called) is not Macro:
            return super().call(called, *arguments, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(self.eval_ctx, *arguments, **named)


class PageEnvironment(Environment):
    """Jinja, with the globals of a template in one dictionary.

    Every import of macros compares them, which takes ten times as long in Jinja's own chain of dictionaries. What is added
    to the globals after a template was loaded does not reach it; all is added when the application is made.
    """

    code_generator_class = _Generator
    context_class = _Context
    # By this name compiled templates find it.
    written = staticmethod(written)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template."""
        return {**self.globals, **(d or {})}
