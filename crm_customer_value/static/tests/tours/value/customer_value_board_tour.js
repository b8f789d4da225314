import { registry } from "@web/core/registry";

const column = (name) => `.o_kanban_group:has(.o_column_title:text(${name}))`;
const card = (name) => `.o_kanban_record:contains(${name})`;

/**
 * A salesperson drags the own customer "Tour Bakery" to another stage: first calls it off, then
 * says why. What belongs to somebody else stays where it is, and shows no money.
 */
registry.category("web_tour.tours").add("customer_value_board_tour", {
    steps: () => [
        {
            content: "Money of one's own customer is shown",
            trigger: `${column("Occasional")} ${card("Tour Bakery")}.o_draggable:contains(250.00 at risk)`,
        },
        {
            content: "The column says what it counts and sums, of what one may see",
            trigger: `${column("Occasional")} .o_customer_value_summary:contains(at risk)`,
        },
        {
            content: "Somebody else's is not, and the card cannot be dragged",
            trigger: `${card("Tour Foundry")}:not(.o_draggable):not(:contains(250.00)):has(.o_value_amount_hidden)`,
        },
        {
            trigger: `${column("Occasional")} ${card("Tour Bakery")}`,
            run: `drag_and_drop(${column("At Risk")})`,
        },
        {
            content: "The dialog asks why",
            trigger: ".modal:has([name=reason]) [name=stage_id] input:value(At Risk)",
        },
        {
            content: "Call it off",
            trigger: ".modal button:text(Discard)",
            run: "click",
        },
        {
            content: "The card is where it was",
            trigger: `body:not(:has(.modal)) ${column("Occasional")} ${card("Tour Bakery")}`,
            run: `drag_and_drop(${column("At Risk")})`,
        },
        {
            content: "Without a reason nothing happens",
            trigger: ".modal button[name=action_pin]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_invalid[name=reason] input",
            run: "edit The oven is for sale",
        },
        {
            trigger: ".modal button[name=action_pin]",
            run: "click",
        },
        {
            content: "Now the card has moved, and says that it is pinned",
            trigger: `body:not(:has(.modal)) ${column("At Risk")} ${card("Tour Bakery")} .fa-thumb-tack[title='The oven is for sale']`,
        },
        {
            content: "Nothing is planned with the customer yet",
            trigger: `${card("Tour Bakery")} .o_next_activity:contains(Schedule activity)`,
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityListPopover button:contains(Schedule)",
            run: "click",
        },
        {
            trigger: ".modal [name=summary] input",
            run: "edit Ask about the oven",
        },
        {
            trigger: ".modal button[name=action_schedule_activities]",
            run: "click",
        },
        {
            content: "The card says what is next",
            trigger: `body:not(:has(.modal)) ${card("Tour Bakery")} .o_next_activity:contains(Ask about the oven)`,
        },
        {
            content: "Look for one customer",
            trigger: ".o_searchview_input",
            run: "edit Foundry",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Customer)",
            run: "click",
        },
        {
            content: "It says how many are found, and opens no other column",
            trigger: `.o_customer_value_found:text(1 customer found)`,
        },
        {
            trigger: `.o_kanban_renderer:not(:has(.o_kanban_group:not(.o_column_folded):not(:has(.o_kanban_record)))) ${card("Tour Foundry")}`,
        },
        {
            content: "Nobody of that name",
            trigger: ".o_searchview_facet .o_facet_remove",
            run: "click",
        },
        {
            trigger: `${column("At Risk")} ${card("Tour Bakery")}`,
        },
        {
            trigger: ".o_searchview_input",
            run: "edit Nobody of this name",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Customer)",
            run: "click",
        },
        {
            trigger: ".o_customer_value_found:text(No customer found)",
        },
        {
            content: "Without the search the columns are open again",
            trigger: ".o_searchview_facet .o_facet_remove",
            run: "click",
        },
        {
            trigger: `body:not(:has(.o_customer_value_found)) ${column("At Risk")} ${card("Tour Bakery")}`,
        },
    ],
});
