"""Whom to ask, and whom not and why."""

from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

from ..complaint.service import OPEN_STATES, SEVERE

# Why a contact is not asked, in the order in which it is looked for.
REASONS = ("archived", "address", "colleague", "opted_out", "blacklisted", "complaint", "lately")
# What is asked afresh before a question that waited is sent.
STANDING = REASONS[:-1]


class Question(NamedTuple):
    """One rule, as far as the queries go by it."""

    rule_id: int
    occasions: SQL  # in the columns of occasions.COLUMNS
    filters: SQL  # a condition over ``asked`` (an occasion), ``partner`` and ``value``
    columns: dict  # what else of the rule goes into a request: {column: value}


def lately_sql(since):
    """SQL: the contacts and addresses that were asked since then, by any rule of any company."""
    return SQL(
        """SELECT feedback.partner_id, contact.email_normalized AS email
             FROM customer_feedback feedback
             JOIN res_partner contact ON contact.id = feedback.partner_id
            WHERE feedback.state <> 'cancelled' AND COALESCE(feedback.date_asked, feedback.create_date) > %s""",
        since,
    )


def reason_sql(company_id, since=None):
    """SQL: why ``partner`` is not asked by a company, NULL for whoever is. Needs ``family``, the customer behind.

    :param since: whoever was asked after that is not asked again; None: that is not looked at
    """
    return SQL(
        """CASE WHEN NOT partner.active OR NOT family.active THEN 'archived'
                WHEN COALESCE(partner.email_normalized, '') = '' THEN 'address'
                WHEN EXISTS (SELECT 1 FROM res_users colleague
                              WHERE colleague.partner_id = partner.id AND colleague.active
                                AND NOT colleague.share) THEN 'colleague'
                WHEN partner.feedback_opt_out OR partner.email_normalized IN (
                    SELECT refused.email_normalized FROM res_partner refused
                     WHERE refused.feedback_opt_out AND refused.email_normalized IS NOT NULL) THEN 'opted_out'
                WHEN partner.email_normalized IN (
                    SELECT listed.email FROM mail_blacklist listed WHERE listed.active) THEN 'blacklisted'
                WHEN family.id IN (
                    SELECT complaint.commercial_partner_id FROM customer_complaint complaint
                     WHERE complaint.company_id = %(company)s AND complaint.active
                       AND complaint.commercial_partner_id IS NOT NULL AND complaint.merged_into_id IS NULL
                       AND complaint.state = ANY(%(open)s) AND complaint.severity = ANY(%(severe)s)) THEN 'complaint'
                %(lately)s END""",
        company=company_id, open=list(OPEN_STATES), severe=list(SEVERE),
        lately=SQL() if since is None else SQL(
            """WHEN partner.id IN (SELECT partner_id FROM lately)
                 OR partner.email_normalized IN (SELECT email FROM lately WHERE email IS NOT NULL) THEN 'lately'"""
        ),
    )


def judged_sql(company_id, questions, since, kept):
    """SQL: the occasions of some rules that nobody was asked about yet, each with the ``reason`` not to ask, or NULL.

    :param questions: a list of :class:`Question`, in the order in which they go first
    :param datetime since: whoever was asked after that is not asked again
    :param dict kept: what is told of the customer: {column: SQL over ``value``}
    """
    asked = SQL(" UNION ALL ").join(
        SQL(
            """SELECT %(order)s::integer AS rank, %(rule)s::integer AS rule_id, partner.commercial_partner_id,
                      partner.email_normalized AS email, %(reason)s AS reason,
                      %(kept)s asked.*
                 FROM (%(occasions)s) asked
                 JOIN res_partner partner ON partner.id = asked.partner_id
                 JOIN res_partner family ON family.id = partner.commercial_partner_id
                 LEFT JOIN customer_value value
                   ON value.partner_id = partner.commercial_partner_id AND value.company_id = %(company)s
                WHERE %(filters)s
                  AND partner.commercial_partner_id <> (SELECT partner_id FROM res_company WHERE id = %(company)s)
                  AND NOT EXISTS (SELECT 1 FROM customer_feedback before
                                   WHERE before.rule_id = %(rule)s AND before.occasion = asked.occasion)""",
            order=number, rule=question.rule_id, reason=reason_sql(company_id, since), occasions=question.occasions,
            filters=question.filters, company=company_id,
            kept=SQL().join(SQL("%s AS %s, ", told, SQL.identifier(name)) for name, told in kept.items()),
        )
        for number, question in enumerate(questions)
    )
    return SQL("WITH lately AS MATERIALIZED (%s) %s", lately_sql(since), asked)


def ask_sql(company_id, questions, now: datetime, since, kept):
    """SQL: makes a request that waits to be sent for each contact who is to be asked, one for each address.

    A unique index on rule and occasion sees to it that nobody is asked twice about one occasion.
    """
    names = sorted({name for question in questions for name in question.columns})
    rules = SQL(", ").join(
        SQL("(%s)", SQL(", ").join(
            (SQL("%s::integer", question.rule_id), *(SQL("%s", question.columns[name]) for name in names))
        ))
        for question in questions
    )
    columns = SQL(", ").join(map(SQL.identifier, names))
    return SQL(
        """INSERT INTO customer_feedback (
                create_uid, create_date, write_uid, write_date, company_id, state, rule_id, occasion, date_occasion,
                partner_id, commercial_partner_id, product_id, team_id, user_id, change_count, %(names)s, %(columns)s)
           SELECT 1, %(now)s, 1, %(now)s, %(company)s, 'waiting', chosen.rule_id, chosen.occasion, chosen.happened,
                  chosen.partner_id, chosen.commercial_partner_id, chosen.product_id, chosen.team_id, chosen.user_id,
                  0, %(kept)s, %(columns)s
             FROM (SELECT DISTINCT ON (email) judged.*
                     FROM (%(judged)s) judged
                    WHERE reason IS NULL
                    ORDER BY email, rank, happened DESC, occasion) chosen
             JOIN (VALUES %(rules)s) AS rule (id, %(columns)s) ON rule.id = chosen.rule_id
               ON CONFLICT (rule_id, occasion) DO NOTHING
        RETURNING id""",
        now=now, company=company_id, judged=judged_sql(company_id, questions, since, kept), rules=rules,
        columns=columns,
        kept=SQL(", ").join(SQL.identifier("chosen", name) for name in kept),
        names=SQL(", ").join(map(SQL.identifier, kept)),
    )


def standing_sql(company_id, partner_ids):
    """SQL: why some contacts are not asked any more: partner_id, reason."""
    return SQL(
        """SELECT judged.id, judged.reason
             FROM (SELECT partner.id, %s AS reason
                     FROM res_partner partner
                     JOIN res_partner family ON family.id = partner.commercial_partner_id
                    WHERE partner.id = ANY(%s)) judged
            WHERE judged.reason IS NOT NULL""",
        reason_sql(company_id), list(partner_ids),
    )
