import { registry } from "@web/core/registry";

/** A customer reads what they gained, says that one figure is right and another wrong, and what else they need. */
registry.category("web_tour.tours").add("customer_benefit_portal_tour", {
    steps: () => [
        {
            content: "Figures wait for the customer's word",
            trigger: ".o_portal_index_card:has([data-placeholder_count=benefit_asked_count]:contains(12)):visible",
        },
        {
            trigger: ".o_portal_index_card a[href='/my/benefit']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What was gained, and a goal that is agreed",
            trigger: ".o_benefit_total",
        },
        {
            trigger: ".o_benefit_goal:contains(Faults of the test)",
        },
        {
            content: "The curve in words",
            trigger: ".o_benefit_metric summary",
            run: "click",
        },
        {
            trigger: ".o_benefit_metric details[open] tbody tr",
        },
        {
            content: "The first figure is right",
            trigger: "#asked li:first-child button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert[role=status]:contains(This figure is confirmed)",
        },
        {
            content: "The next one is wrong",
            trigger: "#asked li:first-child a[href*='/contest']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "textarea[name=words]",
            run: "edit Two of them were planned",
        },
        {
            trigger: ".o_complaint_form:has(textarea) button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert[role=status]:contains(Until then the figure does not count)",
        },
        {
            content: "And there is something else",
            trigger: "a[href='/my/benefit/needs/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "select[name=type_id]",
            run: "selectByLabel Works day and night",
        },
        {
            trigger: "textarea[name=words]",
            run: "edit Somebody must answer at night",
        },
        {
            trigger: ".o_complaint_form:has(textarea) button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_benefit_need:contains(Somebody must answer at night)",
        },
    ],
});
