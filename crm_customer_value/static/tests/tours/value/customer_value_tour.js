import { registry } from "@web/core/registry";

/**
 * A salesperson opens a customer, reads the index, asks why, opens the value record, and
 * groups the list of all values by class. Starts on the form of the customer "Tour Bakery",
 * whose numbers the test works out by hand.
 */
registry.category("web_tour.tours").add("customer_value_tour", {
    steps: () => [
        {
            content: "The header shows the index",
            trigger: ".o_customer_value_header .o_value_ring_text:text(85.4)",
        },
        {
            content: "and the class",
            trigger: ".o_customer_value_header [name=value_class] .badge:text(A)",
        },
        {
            content: "and how long ago the last purchase was",
            trigger: ".o_customer_value_header [name=last_purchase_date]:contains(10 days ago)",
        },
        {
            content: "Ask why",
            trigger: ".nav-link[name=customer_value]",
            run: "click",
        },
        {
            content: "Current value is a part of the index",
            trigger: ".o_value_explanation_part[data-part=current_value] .o_value_explanation_points:text(41.7)",
        },
        {
            content: "and so is future value",
            trigger: ".o_value_explanation_part[data-part=future_value] .o_value_explanation_points:text(33.3)",
        },
        {
            content: "Loyalty is the rest",
            trigger: ".o_value_explanation_part[data-part=loyalty] .o_value_explanation_points:text(10.4)",
        },
        {
            content: "Nothing was ever due, which is said",
            trigger: ".o_value_explanation_missing[data-part=payment]",
        },
        {
            content: "The parts add up to the index of the header",
            trigger: ".o_value_explanation_index:text(85.4)",
            run({ anchor, queryAll }) {
                const points = queryAll(".o_value_explanation_points").map((cell) => Number(cell.textContent));
                const sum = points.reduce((left, right) => left + right, 0);
                if (sum.toFixed(1) !== anchor.textContent.trim()) {
                    throw new Error(`The parts add up to ${sum}, not to ${anchor.textContent}`);
                }
            },
        },
        {
            content: "What stands behind a part is told",
            trigger:
                ".o_value_explanation_part[data-part=current_value] .o_value_explanation_facts:contains(1,000.00)",
        },
        {
            content: "There is no month end to look back at yet",
            trigger: ".o_value_history_empty:contains(The first month end is still to come)",
        },
        {
            content: "Sums of one's own customer are shown",
            trigger: ".o_value_panel dd:contains(1,000.00)",
        },
        {
            content: "Open the value record",
            trigger: ".oe_stat_button[name=action_view_customer_value]",
            run: "click",
        },
        {
            content: "It shows the same index",
            trigger: ".o_form_view:has([name=panel_id] .o_value_panel) .o_value_ring_text:text(85.4)",
        },
        {
            content: "Go to the app",
            trigger: ".o_navbar_apps_menu button",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item[data-menu-xmlid='crm_customer_value.customer_value_menu_root']",
            run: "click",
        },
        {
            content: "It begins with the list of the day; the board of all customers is in the menu",
            trigger: ".o_menu_sections [data-menu-xmlid='crm_customer_value.customer_value_menu']",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item[data-menu-xmlid='crm_customer_value.customer_value_board_menu']",
            run: "click",
        },
        {
            content: "The customer is in the column of their stage",
            trigger: ".o_kanban_group:has(.o_column_title:text(Occasional)) .o_kanban_record:contains(Tour Bakery)",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "Open the menu of groups",
            trigger: ".o_list_view .o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Group by class",
            trigger: ".o_group_by_menu .o_menu_item:text(Class)",
            run: "click",
        },
        {
            content: "The list is grouped",
            trigger: ".o_group_header .o_group_name:contains(A)",
            run: "click",
        },
        {
            content: "and its first group holds the customer",
            trigger: ".o_data_row:contains(Tour Bakery)",
        },
    ],
});
