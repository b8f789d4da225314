from ..common import CustomerValueCase


class LevelCase(CustomerValueCase):
    """A company with levels of its own: those that came with the addon are archived for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.care.level"].with_context(active_test=False).search([]).active = False

    @classmethod
    def _level(cls, name, sequence, on=True, **values):
        level = cls.env["customer.care.level"].create({
            "name": name, "sequence": sequence, "company_id": cls.company.id, **values,
        })
        if on:
            level.sudo().is_on = True
        return level

    @classmethod
    def _customer(cls, name, amount=100.0, ago=10, **values):
        customer = cls._partner(name, is_company=True, **values)
        if amount:
            cls._order(customer, ago, amount)
        return customer

    @classmethod
    def _contact(cls, partner, at, **values):
        return cls.env["customer.contact.log"].create({
            "partner_id": partner.id, "company_id": cls.company.id, "date": at, "summary": "We talked.",
            "channel_id": cls.channel.id, **values,
        })
