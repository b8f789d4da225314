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
            trigger: `${column("Developing")} ${card("Tour Bakery")}.o_draggable:contains(250.00 at risk)`,
        },
        {
            content: "Somebody else's is not, and the card cannot be dragged",
            trigger: `${card("Tour Foundry")}:not(.o_draggable):not(:contains(250.00)):contains(Risk of loss)`,
        },
        {
            trigger: `${column("Developing")} ${card("Tour Bakery")}`,
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
            trigger: `body:not(:has(.modal)) ${column("Developing")} ${card("Tour Bakery")}`,
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
    ],
});
