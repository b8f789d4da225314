from odoo.tests import TransactionCase


class ModelsCase(TransactionCase):
    """Models that exist in the tests of one class only: what another addon would make of our mixins.

    Their definitions have ``_module = None``, so that no registry takes them by itself.
    """

    @classmethod
    def _add_models(cls, *definitions):
        """Add models to the registry and the database until the class has ended."""
        # Not for addons, but for tests of the ORM, and this is one: as Odoo's own do.
        from odoo.orm.model_classes import add_to_registry
        names = [definition._name for definition in definitions]
        # Odoo sets up the whole registry anew when the class has ended, because it was changed.
        cls.addClassCleanup(cls._forget_models, names)
        for definition in definitions:
            for named in (definition, *definition._field_definitions):
                named._module = "crm_customer_value"
            add_to_registry(cls.registry, definition)
        cls.registry._setup_models__(cls.cr, names)
        cls.registry.init_models(cls.cr, names, {})

    @classmethod
    def _forget_models(cls, names):
        for name in names:
            cls.registry.models.pop(name, None)
        for model in cls.registry.models.values():
            model._inherit_children.difference_update(names)
