"""The list of blueprints."""

from flask import Blueprint

from jags.web.accounts.views import blueprint as accounts

BLUEPRINTS: tuple[Blueprint, ...] = (accounts,)
