"""A year of care: levels, contacts, what to know, answers, rules and what came of them."""

import logging
import random
import time
from datetime import datetime, timedelta
from datetime import time as clock

from ..engine.feedback.scales import SCALES
from ..models.care.customer_care_log_result import RESULT_DAYS
from . import care, homes
from .customer_value_demo import MODULE, NAMESPACE, load_named, quiet

_logger = logging.getLogger(__name__)

# Care of the last days is done while the demo is loaded, so that there is something to do today.
TODAY_DAYS = 3
YEAR_DAYS = 360
# Days after which a question that nobody answered is closed.
OPEN_DAYS = 30
# Half a year lies between two questions for a recommendation.
HALF_YEAR = 182


def load(env):
    """Load a year of care for the demo customers, unless it is there."""
    if not env.ref(f"{NAMESPACE}.team_shop", raise_if_not_found=False):
        CareDemo(quiet(env, mail_activity_quick_update=True)).create_all()


class CareDemo:
    """How the demo customers were cared for, up to the day they are loaded."""

    def __init__(self, env):
        self.env = env
        self.today = env["customer.care.rule"]._today(env.company)
        self.admin = env.ref("base.user_admin")

    def create_all(self):
        """Note contacts and what is known, switch on levels and rules, have customers answer, measure the effect."""
        begun = time.monotonic()
        self._log_contacts()
        self._note_what_is_known()
        self._note_who_brought_whom()
        self._switch_on_levels()
        answers = self._create_answers()
        self.env["customer.value.run"]._recompute(self.env.company)
        acts = self._care_for_a_year()
        self._customer(care.BROKEN[0])._break_relationship(care.BROKEN[1])
        _logger.info(
            "Customer care demo data: %s answers, %s acts of care in %.1f s",
            answers, acts, time.monotonic() - begun,
        )

    def _customer(self, key):
        """Return the contact of a key: a contact, a customer, or a person who buys for their home."""
        names = [key] if key.startswith("home_") else [f"contact_{key}", f"customer_{key}"]
        found = (self.env.ref(f"{NAMESPACE}.{name}", raise_if_not_found=False) for name in names)
        return next(filter(None, found))

    def _responsible(self, contact):
        return contact.commercial_partner_id.user_id or self.admin

    def _day(self, days_ago):
        return self.today - timedelta(days=days_ago)

    def _working_day(self, days_ago):
        """Return the day, or the Friday before it if it is at a weekend."""
        day = self._day(days_ago)
        return day - timedelta(days=max(day.weekday() - 4, 0))

    # ---- in touch ----------------------------------------------------------------------

    def _log_contacts(self):
        """Log the contacts, and the round table with each of its customers."""
        channels = self.env["customer.contact.channel"]
        for code, cost in care.CHANNEL_COSTS.items():
            channels._of(code).contact_cost = cost
        channel, days_ago, minutes, words, guests = care.ROUND_TABLE
        rows = [*care.CONTACTS, *(
            care.Contact(guest, channel, days_ago, minutes // len(guests), words, "both") for guest in guests
        )]
        self.env["customer.contact.log"].create([
            {
                "company_id": self.env.company.id,
                "partner_id": contact.id,
                "user_id": self._responsible(contact).id,
                "channel_id": channels._of(row.channel).id,
                "direction": "both" if row.channel == "visit" else row.direction,
                "date": datetime.combine(
                    self._working_day(row.days_ago), clock(care.HOURS[number % len(care.HOURS)])
                ),
                "minutes": row.minutes,
                "summary": row.words,
            }
            for number, row in enumerate(rows)
            for contact in [self._customer(row.customer)]
        ])

    def _note_what_is_known(self):
        """Note what to know, what happened in the life of customers, birthdays, and consent to promotion."""
        for row in care.NOTES:
            contact = self._customer(row.customer)
            self.env["customer.contact.note"].create({
                "company_id": self.env.company.id, "partner_id": contact.id, "text": row.words,
                "user_id": self._responsible(contact).id, "date": self._day(row.days_ago),
            })
        for row in care.EVENTS:
            contact = self._customer(row.customer)
            self.env["customer.life.event"].create({
                "company_id": self.env.company.id, "partner_id": contact.id, "kind": row.kind, "name": row.words,
                "date": self._day(row.days_ago), "is_yearly": row.yearly, "user_id": self._responsible(contact).id,
            })
        self._customer(care.LEAP_DAY).write({"birthday_day": 29, "birthday_month": "2"})
        for key, days in care.BIRTHDAYS.items():
            born = self._day(-days)
            self._customer(key).write({"birthday_day": born.day, "birthday_month": str(born.month)})
        for row in care.CONSENTS:
            self.env.ref(f"{NAMESPACE}.customer_{row.customer}").write({
                "promotion_consent": row.consent, "promotion_consent_how": row.how,
            })

    def _note_who_brought_whom(self):
        for brought, friend in care.BROUGHT.items():
            contact = self._customer(brought)
            contact.referred_by_id = self._customer(friend)
        for name, friend in care.LEAD_BROUGHT.items():
            lead = self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
            if lead:
                lead.referred_by_id = self._customer(friend)

    # ---- levels ------------------------------------------------------------------------

    def _switch_on_levels(self):
        """Switch the levels on as somebody does who has seen the preview; the first one proposes a service option."""
        levels = self.env["customer.care.level"]
        key = levels.search([("code", "=", "key")])
        key.service_flow_id = self.env["customer.service.flow"].search([], limit=1)
        self.env["customer.care.level.preview"]._make(self.env.company).action_switch_on()

    # ---- feedback ----------------------------------------------------------------------

    def _create_answers(self):
        """Create a year of questions and answers; return how many answers there are."""
        shop, sales = self._teams()
        rules = {
            name: self.env.ref(f"{MODULE}.customer_feedback_rule_{name}")
            for name in ("recommend", "payment", "complaint", "onboarding")
        }
        for rule in rules.values():
            rule.active = True
        values = {
            value.partner_id: value
            for value in self.env["customer.value"].search([("company_id", "=", self.env.company.id)])
        }
        rows = []
        fresh = {self._customer(key) for key, *_rest in care.FRESH_ANSWERS}
        for key, contact, name, asked, product in self._questions():
            if contact in fresh and asked < HALF_YEAR / 2:
                continue
            found = homes.answer(key, rules[name].scale, asked)
            rows.append(self._answer_values(
                contact, rules[name], found, values.get(contact.commercial_partner_id), product,
                shop if key.startswith("home") else sales,
            ))
        created = self.env["customer.feedback"].create(rows)
        created |= self._answer_on_the_page(rules, values, shop, sales)
        return len(created.filtered(lambda feedback: feedback.state == "answered"))

    def _teams(self):
        """Return the teams of home customers and of all others."""
        shop = load_named(self.env, "crm.team", "team", {"shop": {"name": "Web Shop", "user_id": self.admin.id}})
        return shop["shop"], self.env.ref("sales_team.team_sales_department")

    def _questions(self):
        """Yield who was asked by which rule so many days ago about what: (key, contact, rule, days, product)."""
        for number in range(homes.HOMES):
            contact = self._customer(f"home_{number}")
            for half in range(2):
                yield f"home {number}", contact, "recommend", number * 37 % 180 + 2 + half * HALF_YEAR, None
        for key, contact in self._people():
            rng = random.Random(f"questions {key}")
            last = self.env["sale.order"].search([
                ("partner_id", "child_of", contact.commercial_partner_id.id), ("state", "=", "sale"),
            ], limit=1)
            if not last:
                continue
            product = last.order_line.product_id[:1]
            for half in range(2):
                yield key, contact, "recommend", rng.randint(2, 180) + half * HALF_YEAR, None
            for quarter in range(3):
                yield key, contact, "payment", rng.randint(5, 110) + quarter * 115, product
            if contact.commercial_partner_id.customer_value_id.lifecycle_stage_id.code == "new":
                yield key, contact, "onboarding", rng.randint(2, 20), None
        closed = self.env["customer.complaint"].search([("state", "=", "closed")])
        for complaint in closed:
            days = (self.today - complaint.date_closed.date()).days - 7
            if complaint.partner_id and days > 1:
                yield f"complaint {complaint.name}", complaint.partner_id, "complaint", days, complaint.product_id

    def _people(self):
        """Yield of each customer who is no home who is asked: a contact if there is one, by its key."""
        data = self.env["ir.model.data"].search([("module", "=", NAMESPACE), ("name", "=like", "customer\\_%")])
        for row in data.sorted("name"):
            customer = self.env["res.partner"].browse(row.res_id)
            if customer.active:
                people = customer.child_ids.filtered(lambda child: child.type == "contact")
                yield row.name, people[:1] or customer

    def _answer_values(self, contact, rule, found, value, product, team):
        """Return the values of one question that is over, or still open if nobody answered it lately."""
        asked = datetime.combine(self._day(found.asked), clock(9))
        scale = SCALES[rule.scale]
        values = {
            "company_id": self.env.company.id,
            "rule_id": rule.id,
            "occasion": f"demo,{contact.id},{rule.scale},{found.asked}",
            "date_occasion": asked - timedelta(days=rule.delay_days),
            "partner_id": contact.id,
            "user_id": contact.commercial_partner_id.user_id.id,
            "scale": rule.scale,
            "about": rule.about,
            "question": rule.question,
            "date_asked": asked,
            "product_id": product and product.id,
            "team_id": team.id,
            "state": "expired" if found.asked > OPEN_DAYS else "asked",
        }
        if value:
            values |= {
                "lifecycle_stage_id": value.lifecycle_stage_id.id, "value_class": value.value_class,
                "care_level_id": value.care_level_id.id,
            }
        if found.score is not None:
            answered = asked + timedelta(days=found.after, hours=3)
            values |= {
                "state": "answered", "score": found.score, "first_score": found.score,
                "points": scale.points(found.score), "date_answered": answered, "comment": found.comment or False,
                # Somebody called long ago.
                "date_alerted": answered if scale.mood(found.score) == "bad" else False,
            }
        return values

    def _answer_on_the_page(self, rules, values, shop, sales):
        """Have some customers answer today as they do on the page: who is unhappy is called."""
        answered = self.env["customer.feedback"]
        for key, name, score, comment in care.FRESH_ANSWERS:
            contact = self._customer(key)
            question = answered.create(self._answer_values(
                contact, rules[name], homes.Answer(1, None, 0, ""), values.get(contact.commercial_partner_id), None,
                shop if key.startswith("home") else sales,
            ))
            question._answer(score, comment)
            answered |= question
        return answered

    # ---- care --------------------------------------------------------------------------

    def _care_for_a_year(self):
        """Do what the rules would have done night by night; return how many acts of care there are."""
        rules = self._rules()
        first, last = self._day(YEAR_DAYS), self._day(TODAY_DAYS)
        for rule in rules:
            rule.write({"active": True})
            rule.date_on = first
            rule._note(first, last=last, is_preview=True)
        logs = self.env["customer.care.log"]
        past = logs.search([("rule_id", "in", rules.ids), ("state", "=", "todo")])
        for rule, done in past.grouped("rule_id").items():
            done.write({"state": "done", "cost": rule.gift_cost})
        for days_ago in reversed(range(TODAY_DAYS)):
            for rule in rules:
                rule._note(self._day(days_ago))
                logs.search([("rule_id", "=", rule.id), ("state", "=", "todo")])._act(self.today)
        rules.date_done = self.today
        over = logs.search([
            ("state", "in", ("done", "held_out")), ("date", "<", self._day(RESULT_DAYS)),
        ])
        logs._note_results_of(self.env.company, over)
        return logs.search_count([("rule_id", "in", rules.ids)])

    def _rules(self):
        """Return the rules that are switched on: some of those that are ready, and three of their own."""
        ready = self.env["customer.care.rule"].browse(
            self.env.ref(f"{MODULE}.customer_care_rule_{name}").id
            for name in ("complaint", "goal", "birthday", "festival", "silence")
        )
        # The birthdays of people who buy for their homes have a rule of their own.
        ready.filtered(lambda rule: rule.trigger == "birthday").value_classes = "ab"
        home = self.env.ref(f"{NAMESPACE}.tag_home")
        common = {"user_id": self.admin.id, "company_id": self.env.company.id}
        home_only = {"domain": f"[('category_id', 'in', [{home.id}])]", **common}
        festivals = self.env["customer.festival"].browse(
            self.env.ref(f"{MODULE}.customer_festival_{name}").id for name in ("christmas", "easter", "lunar_new_year")
        )
        own = load_named(self.env, "customer.care.rule", "care_rule", {
            "home_call": {
                "name": "Home customers: call a year after the first purchase", "trigger": "first_purchase",
                "sequence": 31, "action": "plan", "plan_id": self.env.ref(f"{MODULE}.mail_activity_plan_care_call").id,
                **home_only,
            },
            "home_parcel": {
                "name": "Home customers: a bag of coffee for the birthday", "trigger": "birthday", "sequence": 32,
                "action": "gift", "gift_words": "A bag of the coffee of the month", "gift_cost": 9.2, **home_only,
            },
            "tasting": {
                "name": "Tasting box before festivals", "kind": "promotion", "trigger": "festival", "sequence": 33,
                "festival_ids": festivals.ids, "offset_days": 10, "offset_side": "before", "value_classes": "ab",
                "action": "gift", "gift_words": "Tasting box of four roasts", "gift_cost": 12.0, "quiet_days": 14,
                **common,
            },
        })
        return ready.union(*own.values())
