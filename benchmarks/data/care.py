"""What ``./dev bench care`` runs in a shell of its database, after ``generate.py``."""

import time
from collections import Counter
from datetime import timedelta

CALL = "Benchmark call"


def fill_care(env, company):
    """Give each customer of a company a value, a birthday, two contacts with us, and some a delivery.

    :return: how many customers there are
    """
    channel = env["customer.contact.channel"].search([], limit=1) or env["customer.contact.channel"].create(
        {"name": "Benchmark"}
    )
    stages = env["customer.lifecycle.stage"].search([("company_id", "=", False)], limit=2)
    env.flush_all()
    parameters = {
        "company": company.id, "channel": channel.id, "user": env.uid, "from": stages[0].id, "to": stages[1].id,
    }
    for statement in (
        "SELECT SETSEED(0.12)",
        """UPDATE res_partner SET birthday_day = 1 + id % 28, birthday_month = (1 + id / 28 % 12)::text,
                  email = 'c' || id || '@example.com', email_normalized = 'c' || id || '@example.com',
                  promotion_consent = CASE WHEN id % 3 = 0 THEN 'given' END,
                  country_id = (SELECT id FROM res_country WHERE code = CASE WHEN id % 50 = 0 THEN 'CN' ELSE 'DE' END)
            WHERE name LIKE 'Customer %'""",
        """INSERT INTO customer_value (company_id, partner_id, first_purchase_date, last_purchase_date, value_class,
                                       value_index, lifecycle_stage_id, expected_next_purchase_date)
           SELECT %(company)s, p.id, CURRENT_DATE - 400 - p.id % 1000, CURRENT_DATE - p.id % 400,
                  CASE WHEN p.id % 10 < 2 THEN 'a' WHEN p.id % 10 < 5 THEN 'b' ELSE 'c' END, 50 + p.id % 40,
                  %(to)s, CURRENT_DATE + p.id % 200
             FROM res_partner p WHERE p.name LIKE 'Customer %' AND p.id % 10 <> 0""",
        """INSERT INTO customer_contact_log (company_id, partner_id, commercial_partner_id, user_id, channel_id,
                                             direction, date, summary)
           SELECT %(company)s, v.partner_id, v.partner_id, %(user)s, %(channel)s,
                  CASE WHEN n = 1 THEN 'out' ELSE 'in' END,
                  NOW() AT TIME ZONE 'UTC' - (v.partner_id % 300 + 30 * n) * INTERVAL '1 day', 'Talked'
             FROM customer_value v CROSS JOIN GENERATE_SERIES(1, 2) n WHERE v.company_id = %(company)s""",
        """INSERT INTO customer_lifecycle_transition (company_id, partner_id, from_stage_id, to_stage_id, date, reason,
                                                      entry_state)
           SELECT %(company)s, v.partner_id, %(from)s, %(to)s, CURRENT_DATE - v.partner_id % 200, 'rule', 'none'
             FROM customer_value v WHERE v.company_id = %(company)s""",
        """UPDATE sale_order SET commitment_date = date_order + INTERVAL '7 days'
            WHERE company_id = %(company)s AND date_order > NOW() - INTERVAL '60 days'""",
        """INSERT INTO customer_life_event (company_id, partner_id, commercial_partner_id, kind, name, date, is_yearly,
                                            user_id, create_date)
           SELECT %(company)s, v.partner_id, v.partner_id, 'anniversary', 'Founded',
                  CURRENT_DATE - 2000 - v.partner_id % 365, TRUE, %(user)s, NOW() AT TIME ZONE 'UTC'
             FROM customer_value v WHERE v.company_id = %(company)s""",
        "ANALYZE res_partner, customer_value, customer_contact_log, sale_order, customer_life_event",
        "ANALYZE customer_lifecycle_transition",
    ):
        # Patterns and remainders are no parameters.
        text = statement.replace("%", "%%").replace("%%(", "%(") if "%(" in statement else statement
        env.cr.execute(text, parameters if "%(" in statement else None)
    env.cr.execute("SELECT COUNT(*) FROM customer_value WHERE company_id = %s", [company.id])
    (customers,) = env.cr.fetchone()
    env.cr.commit()
    env.invalidate_all()
    return customers


def make_rules(env, company, number):
    """Switch on so many rules: of every occasion with and without conditions, by plan, e-mail and gift."""
    user = env.ref("base.user_admin")
    user.company_ids |= company
    plan = env["mail.activity.plan"].create({
        "name": CALL, "res_model": "res.partner", "company_id": False,
        "template_ids": [(0, 0, {
            "activity_type_id": env.ref("mail.mail_activity_data_call").id, "summary": CALL,
            "responsible_type": "on_demand",
        })],
    })
    template = env["mail.template"].create({
        "name": "Benchmark", "model_id": env["ir.model"]._get_id("res.partner"), "subject": "Hello",
        "body_html": "<p>All the best</p>", "email_from": "us@example.com",
    })
    ways = [
        {"action": "plan", "plan_id": plan.id},
        {"action": "mail", "template_id": template.id, "kind": "promotion"},
        {"action": "gift", "gift_words": "Flowers", "gift_cost": 20.0},
    ]
    # A festival that is tomorrow, in China: whenever this is measured, somebody celebrates.
    festival = env["customer.festival"].create({
        "name": "Benchmark", "country_ids": env.ref("base.cn").ids,
        "day_ids": [(0, 0, {"date": env["customer.care.rule"]._today(company) + timedelta(days=1)})],
    })
    triggers = [
        {"trigger": "birthday", "value_classes": "a"},
        {"trigger": "festival", "festival_ids": festival.ids, "offset_days": 1, "offset_side": "before"},
        {"trigger": "first_purchase"},
        {"trigger": "delivery", "offset_days": 3},
        {"trigger": "own_date", "own_date": "customer.value:expected_next_purchase_date"},
        {"trigger": "silence", "silence_of": "us", "silence_days": 90},
        {"trigger": "silence", "silence_of": "purchase", "silence_days": 120},
        {"trigger": "stage"},
        {"trigger": "complaint_closed"},
        {"trigger": "need_met"},
        {"trigger": "benefit_fell"},
        {"trigger": "delivered_fell"},
        {"trigger": "index_fell"},
        {"trigger": "goal_reached"},
        {"trigger": "life_event"},
        {"trigger": "birthday", "domain": "[('value_index', '>=', 60)]"},
    ]
    rules = env["customer.care.rule"].create([
        {
            "name": f"Benchmark {place}", "company_id": company.id, "user_id": user.id, "active": True,
            "sequence": place, "quiet_days": 3, **triggers[place % len(triggers)], **ways[place % len(ways)],
        }
        for place in range(number)
    ])
    env.cr.commit()
    return rules


def measure_care(env, company, number):
    """Measure nights of a company with so many rules, and print them."""
    customers = fill_care(env, company)
    rules = make_rules(env, company, number)
    logs = env["customer.care.log"]
    today = rules._today(company)

    def night(name, day):
        env.invalidate_all()
        before = Counter(dict(logs._read_group([("company_id", "=", company.id)], ["state"], ["__count"])))
        start = time.perf_counter()
        rules._cron_care(as_of=day)
        taken = time.perf_counter() - start
        after = Counter(dict(logs._read_group([("company_id", "=", company.id)], ["state"], ["__count"])))
        print(f"{name:40} {taken:8.2f} s   {dict(after - before)}")

    print(f"{customers} customers, {number} rules")
    night("first night", today)
    night("second run of the same night", today)
    night("the next night", today + timedelta(days=1))
    night("a night after a week without", today + timedelta(days=8))
    start = time.perf_counter()
    rows = rules._preview(today + timedelta(days=9), today + timedelta(days=9))
    print(f"{'preview of a day':40} {time.perf_counter() - start:8.2f} s   {len(rows)} occasions")
    partner = logs.search([("company_id", "=", company.id)], limit=1).commercial_partner_id
    env.invalidate_all()
    start = time.perf_counter()
    partner.with_company(company).with_context(allowed_company_ids=company.ids)._next_cares()
    print(f"{'next care of one customer':40} {time.perf_counter() - start:8.3f} s")
