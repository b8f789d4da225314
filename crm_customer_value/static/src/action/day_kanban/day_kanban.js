import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { onMounted, onPatched } from "@odoo/owl";

/** The keyboard begins with the first card, not with the search. */
export class DayKanbanController extends KanbanController {
    setup() {
        super.setup();
        this.env.config.disableSearchBarAutofocus = true;
    }
}

/** After an answer, its card is gone: the next one gets the focus, so that the keyboard goes on with it. */
export class DayKanbanRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        onMounted(() => this.focusNextOne());
        onPatched(() => this.focusNextOne());
    }

    focusNextOne() {
        if (document.activeElement === document.body && !this.env.isSmall) {
            this.rootRef.el?.querySelector(".o_kanban_record:not(.o_kanban_ghost)")?.focus();
        }
    }
}

registry.category("views").add("customer_day_kanban", {
    ...kanbanView,
    Controller: DayKanbanController,
    Renderer: DayKanbanRenderer,
});
