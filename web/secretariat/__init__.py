"""The secretariat: preparing an assessment, its progress, its calendar, its publication."""

from web.secretariat import calendar, correcting, guidance, preparing, progress, publishing, reminding
from web.secretariat.blueprint import blueprint

__all__ = ["blueprint", "calendar", "correcting", "guidance", "preparing", "progress", "publishing", "reminding"]
