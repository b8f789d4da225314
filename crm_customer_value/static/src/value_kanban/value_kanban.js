import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** A column of customers without class or segment has a name too. */
class ValueGroup extends RelationalModel.Group {
    setup(config, data) {
        super.setup(config, data);
        this.displayName ||= this.groupByField.falsy_value_label || _t("None");
    }
}

class ValueKanbanModel extends RelationalModel {
    static Group = ValueGroup;
}

/** Columns stand in the server's order: the best class first, customers without one last. */
class ValueKanbanRenderer extends KanbanRenderer {
    getGroupsOrRecords() {
        const items = super.getGroupsOrRecords();
        return this.props.list.isGrouped
            ? items.sort((a, b) => Number(!a.group.value) - Number(!b.group.value))
            : items;
    }
}

registry.category("views").add("customer_value_kanban", {
    ...kanbanView,
    Model: ValueKanbanModel,
    Renderer: ValueKanbanRenderer,
});
