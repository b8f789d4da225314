"""Who of us looks after what a customer says about needs, goals and figures."""

SERVICE = "crm_customer_value.group_service_own"
MANAGER = "crm_customer_value.group_service_manager"


def person_responsible(user, partner, company):
    """Return whom to ask: ``user``, else the customer's salesperson, else a manager; nobody where there is none.

    :param user: who is named for the goal or need, maybe nobody
    :param partner: the contact, as superuser
    :param company: where they work
    """
    for candidate in (user, partner.user_id, partner.commercial_partner_id.user_id):
        if candidate.active and not candidate.share and company in candidate.company_ids:
            if candidate.has_group(SERVICE):
                return candidate
    managers = partner.env.ref(MANAGER)
    # sudo: customers may not read users; one of ours is found for them.
    return partner.env["res.users"].sudo().search(
        [
            ("all_group_ids", "in", managers.ids), ("share", "=", False), ("company_ids", "in", company.ids),
            # The pages of customers read archived records, too.
            ("active", "=", True),
        ],
        order="id", limit=1,
    )
