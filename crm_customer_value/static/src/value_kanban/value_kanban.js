import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRecord } from "@web/views/kanban/kanban_record";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

const STAGE_FIELD = "lifecycle_stage_id";

/** A column of customers without stage, class or segment has a name too. */
class ValueGroup extends RelationalModel.Group {
    setup(config, data) {
        super.setup(config, data);
        this.displayName ||= this.groupByField.falsy_value_label || _t("None");
    }
}

class ValueKanbanModel extends RelationalModel {
    static Group = ValueGroup;
}

class ValueKanbanRecord extends KanbanRecord {
    /** Only who may decide about a customer's stage can drag the card. */
    getRecordClasses() {
        const classes = super.getRecordClasses();
        return this.props.record.data.stage_decidable ? classes : classes.replace("o_draggable", "");
    }
}

class ValueKanbanController extends KanbanController {
    /** Most money at risk first, for who may see it of every customer. */
    get modelParams() {
        const params = super.modelParams;
        if ("value_at_risk" in this.props.fields) {
            params.defaultOrderBy = [
                { name: "value_at_risk", asc: false },
                { name: "value_index", asc: false },
            ];
        }
        return params;
    }
}

class ValueKanbanRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, KanbanRecord: ValueKanbanRecord };

    setup() {
        super.setup();
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
    }

    /** Columns stand in the server's order: the best class first, customers without one last. */
    getGroupsOrRecords() {
        const items = super.getGroupsOrRecords();
        return this.props.list.isGrouped
            ? items.sort((a, b) => Number(!a.group.value) - Number(!b.group.value))
            : items;
    }

    /** Also where there is no stage, so no column: somebody has to say what to do. */
    get showNoContentHelper() {
        const { isGrouped, groups, model } = this.props.list;
        return super.showNoContentHelper || (isGrouped && !groups.length && !model.hasData());
    }

    /** In the column of a stage no card has to say which stage it is in. */
    getGroupClasses(group, ...args) {
        const inStage = group.groupByField.name === STAGE_FIELD;
        return super.getGroupClasses(group, ...args) + (inStage ? " o_customer_value_in_stage" : "");
    }

    /** Stages are the one thing about a customer's value that people may overrule. */
    get canResequenceRecords() {
        const { isGrouped, groupByField } = this.props.list;
        return super.canResequenceRecords && isGrouped && groupByField.name === STAGE_FIELD;
    }

    /** The field is read-only: a card moves when the dialog has pinned it. */
    get canMoveRecords() {
        return this.canResequenceRecords;
    }

    /** Ask why before the card moves; until then, and when that is called off, it stays. */
    async sortRecordDrop(recordId, groupId, { parent }) {
        parent?.classList.remove("o_kanban_hover");
        const { groups, model, records } = this.props.list;
        const record = records.find((one) => one.id === recordId);
        const target = groups.find((one) => one.id === parent?.dataset.id);
        if (!record || !target || target.id === groupId) {
            return;
        }
        if (!target.value) {
            this.notification.add(_t("Nobody can be pinned to no stage. Drop the card on a stage."), {
                type: "warning",
            });
            return;
        }
        const action = await this.orm.call(record.resModel, "action_pin_stage", [[record.resId]]);
        action.context.default_stage_id = target.value;
        await this.action.doAction(action, { onClose: () => model.load() });
    }
}

registry.category("views").add("customer_value_kanban", {
    ...kanbanView,
    Controller: ValueKanbanController,
    Model: ValueKanbanModel,
    Renderer: ValueKanbanRenderer,
});
