"""The form of a new suggestion."""

from odoo.tools import plaintext2html

from ..voice.customer_form import CustomerForm

NAME_LENGTH = 120
TEXT_LENGTH = 20_000


class SuggestionForm(CustomerForm):
    """The form of a new suggestion. What is too long is not cut, but shown again with a word about it."""

    names = ("key", "name", "description", "benefit", "area_id", "product_id", "is_public")
    files_name = "attachments"

    def __init__(self, env, areas, products, data=None, files=()):
        """Read what was sent; ``areas`` and ``products`` are those to choose from."""
        super().__init__(env, data, files)
        self.choices = {"area_id": areas, "product_id": products}

    def _required(self):
        return {
            "name": self.env._("Please enter a subject."),
            "description": self.env._("Please describe your suggestion."),
        }

    def _check_input(self):
        result = super()._check_input()
        if len(self.input["name"]) > NAME_LENGTH:
            self.errors["name"] = self.env._(
                "The subject is too long. Please use at most %(max)s characters.",
                max=NAME_LENGTH,
            )
        if len(self.input["description"]) > TEXT_LENGTH:
            self.errors["description"] = self.env._(
                "The text is too long. Please use at most %(max)s characters.",
                max=TEXT_LENGTH,
            )
        for name in self.choices:
            if self.input[name] and not self._chosen(name):
                self.errors[name] = self.env._("Please choose from the list.")
        return result

    def _chosen(self, name):
        """Return the record chosen in a list, if it is one of those offered, or nothing."""
        return self.choices[name].filtered(lambda record: str(record.id) == self.input[name])

    def values(self):
        """Return what of the form goes into the suggestion."""
        return {
            "name": self.input["name"],
            "description": plaintext2html(self.input["description"]),
            "benefit_description": self.input["benefit"][:TEXT_LENGTH] or False,
            "area_id": self._chosen("area_id").id,
            "product_id": self._chosen("product_id").id,
            "is_public": self.input["is_public"] == "1",
        }
