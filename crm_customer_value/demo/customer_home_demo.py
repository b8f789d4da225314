"""People who buy coffee for their homes: loaded with the other customers, before their values are computed."""

from datetime import timedelta

from odoo import Command

from ..engine.care import held_out
from . import homes

SOURCE = "Web shop"


class HomeDemo:
    """Home customers and what they bought in a web shop that is not Odoo's."""

    def __init__(self, env, today, load_named):
        self.env = env
        self.today = today
        self.load_named = load_named

    def create_all(self):
        """Create contacts and purchases; those whom care will not reach follow from the ids of the contacts."""
        company = self.env.company
        company.care_held_out = homes.HELD_OUT
        people = homes.homes()
        tag = self.load_named(self.env, "res.partner.category", "tag", {"home": {"name": "Home"}})["home"]
        contacts = self.load_named(self.env, "res.partner", "home", {
            home.key: self._contact_values(home, tag) for home in people
        })
        left_out = {
            home.key for home in people
            if held_out.place(company.id, contacts[home.key].id) < homes.HELD_OUT / 100
        }
        stories = homes.stories(people, left_out)
        for home in people:
            born = self.today - timedelta(days=stories[home.key].birthday)
            contacts[home.key].write({"birthday_day": born.day, "birthday_month": str(born.month)})
        self.env["customer.purchase.history"].create([
            self._purchase_values(home, contacts[home.key], number, days_ago, bags)
            for home in people
            for number, (days_ago, bags) in enumerate(reversed(stories[home.key].bought), 1)
        ])

    def _contact_values(self, home, tag):
        """Return the values of one person."""
        return {
            "name": home.name,
            "ref": f"CV-HOME-{home.key}",
            "city": home.city,
            "country_id": self.env.ref(f"base.{home.country}").id,
            "email": f"{home.name.lower().replace(' ', '.')}@example.com",
            "category_id": [Command.set(tag.ids)],
            "promotion_consent": home.consent or False,
            "promotion_consent_how": home.consent and "Box in the web shop",
        }

    def _purchase_values(self, home, contact, number, days_ago, bags):
        """Return the values of one purchase."""
        return {
            "company_id": self.env.company.id,
            "partner_id": contact.id,
            "date": self.today - timedelta(days=days_ago),
            "reference": f"{SOURCE} H{home.key.zfill(3)}-{number}",
            "amount": homes.BAG * bags,
            "has_margin": True,
            "margin": homes.BAG_MARGIN * bags,
        }
