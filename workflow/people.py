"""People and their accounts, as the admin keeps them."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.tables import Person


def set_locale(session: Session, person_id: int, locale: str) -> None:
    """Keep the language a person wants to read."""
    session.execute(update(Person).where(Person.id == person_id).values(locale=locale))
