import { registry } from "@web/core/registry";

/** A user without sales rights opens a customer: the form works and says nothing of value. */
registry.category("web_tour.tours").add("customer_value_without_rights_tour", {
    steps: () => [
        {
            trigger: ".o_form_view .nav-link[name=contact_addresses]",
        },
        {
            content: "No header, no tab, no button",
            trigger:
                ".o_form_view:not(:has(.o_customer_value_header, .nav-link[name=customer_value], [name=action_view_customer_value]))",
        },
    ],
});

/** A salesperson opens a contact and reads whose value it is. */
registry.category("web_tour.tours").add("customer_value_contact_tour", {
    steps: () => [
        {
            trigger: ".o_customer_value_header:contains(Value of):contains(Tour Bakery) .o_value_ring_text:text(85.4)",
        },
    ],
});

/** A salesperson opens somebody who never bought and is told why there is no value. */
registry.category("web_tour.tours").add("customer_value_prospect_tour", {
    steps: () => [
        {
            trigger: ".o_form_view:not(:has(.o_customer_value_header)) .nav-link[name=customer_value]",
            run: "click",
        },
        {
            trigger: "[name=customer_value_empty]:contains(No purchase yet)",
        },
    ],
});
