#include "base/strings.h"
#include "gotemplate/format.h"
#include "gotemplate/machine.h"

namespace fleet::gotemplate {

namespace {

// Where the native stack stands. Not the address of a variable: a sanitizer keeps those elsewhere.
[[gnu::always_inline]] inline uintptr_t stack_mark() {
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
}

}  // namespace

bool Machine::run(const Template& entry, const Value& dot, std::string& out) {
  bool outermost = stack_base_ == 0;
  if (outermost) stack_base_ = stack_mark();
  std::string* outer_out = out_;
  const Node* outer_at = at_;
  const Template* outer_running = running_;
  size_t frames = frames_.size();
  size_t variables = variables_.size();
  size_t controls = controls_.size();

  out_ = &out;
  running_ = &entry;
  at_ = nullptr;
  Value data = dot.unboxed();  // as reflect.ValueOf: a nil is no value at all
  frames_.push_back(Frame{&entry, entry.code.data(), data, variables});
  variables_.push_back(Variable{0, data});
  bool done = stack_left() && loop(frames);

  frames_.resize(frames);
  variables_.resize(variables);
  controls_.resize(controls);
  out_ = outer_out;
  at_ = outer_at;
  running_ = outer_running;
  if (outermost) stack_base_ = 0;
  return done;
}

// Runs until the frame at `bottom` returns.
bool Machine::loop(size_t bottom) {
  const Instruction* pc = frames_.back().next;
  for (;;) {
    const Instruction& in = *pc++;
    if (!step()) return false;
    switch (in.op) {
      case Op::Text:
        out_->append(in.text, in.count);
        break;
      case Op::Action: {
        Value value;
        const ActionNode& action = *in.action;
        at_ = &action;
        Value dot = frames_.back().dot;  // frames move when a function runs templates
        if (!pipeline(*action.pipe, dot, value)) return false;
        if (action.pipe->declared.empty() && !print(action, value)) return false;
        break;
      }
      case Op::If:
      case Op::With:
      case Op::Range:
      case Op::Next: {
        bool go_on = false;
        if (!branch(in, go_on)) return false;
        if (!go_on) pc = running_->code.data() + in.target;
        break;
      }
      case Op::Jump:
        pc = running_->code.data() + in.target;
        break;
      case Op::Break:
      case Op::Continue:
        controls_.resize(controls_.size() - in.count);
        pc = running_->code.data() + in.target;
        break;
      case Op::Leave:
        leave();
        break;
      case Op::Template:
        frames_.back().next = pc;
        if (!call_template(*in.call, bottom)) return false;
        pc = frames_.back().next;
        break;
      case Op::Return: {
        variables_.resize(frames_.back().variables);
        frames_.pop_back();
        if (frames_.size() == bottom) return true;
        running_ = frames_.back().running;
        pc = frames_.back().next;
        break;
      }
    }
  }
}

// Enters a block or takes the next item of a range; says whether to go on behind it.
bool Machine::branch(const Instruction& in, bool& go_on) {
  switch (in.op) {
    case Op::Range:
      return enter_range(*in.pipe, go_on);
    case Op::Next:
      return next_item(go_on);
    default:
      return enter_block(in, in.op == Op::With, go_on);
  }
}

bool Machine::step() {
  if (++steps_ > execution_.limits_.steps) [[unlikely]] {
    return fail(cat("the render takes more than ", execution_.limits_.steps, " steps"));
  }
  if (heap_.exhausted()) [[unlikely]] {
    return fail(cat("the render needs more than ", execution_.limits_.heap_bytes, " bytes"));
  }
  if (written_ + out_->size() > execution_.limits_.output_bytes) [[unlikely]] {
    return fail(cat("the output is larger than ", execution_.limits_.output_bytes, " bytes"));
  }
  return true;
}

bool Machine::charge(uint64_t steps) {
  steps_ += steps;
  return steps_ <= execution_.limits_.steps;
}

bool Machine::stack_left() {
  const uintptr_t here = stack_mark();
  const uintptr_t used = here < stack_base_ ? stack_base_ - here : here - stack_base_;
  if (used < execution_.limits_.stack_bytes) return true;
  return fail("templates include each other too deeply");
}

bool Machine::enter_block(const Instruction& in, bool sets_dot, bool& taken) {
  Control control;
  control.mark = variables_.size();
  control.outer_dot = frames_.back().dot;
  Value value;
  if (!pipeline(*in.pipe, control.outer_dot, value)) return false;
  taken = is_true(value);
  if (taken && sets_dot) frames_.back().dot = value;
  controls_.push_back(control);
  return true;
}

void Machine::leave() {
  variables_.resize(controls_.back().mark);
  frames_.back().dot = controls_.back().outer_dot;
  controls_.pop_back();
}

bool Machine::enter_range(const PipeNode& pipe, bool& any) {
  Control control;
  control.mark = variables_.size();
  control.outer_dot = frames_.back().dot;
  control.pipe = &pipe;
  Value over;
  if (!pipeline(pipe, control.outer_dot, over)) return false;
  control.body_mark = variables_.size();
  if (!start_range(over, control)) return false;
  any = control.size > 0;
  controls_.push_back(control);
  return true;
}

bool Machine::start_range(const Value& over, Control& control) {
  switch (over.kind()) {
    case Kind::Invalid:
    case Kind::Nil:
      return true;
    case Kind::Int:
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Uint8:
    case Kind::Uint64:
      if (control.pipe->declared.size() > 1) {
        return fail(
            cat("can't use ", value_text(heap_, over), " to iterate over more than one variable"));
      }
      control.over = Control::Over::Count;
      control.number = over.kind();
      control.size = over.as_int() > 0 || over.is_uint() ? static_cast<size_t>(over.as_uint()) : 0;
      return true;
    case Kind::List: {
      auto items = list_items(heap_, over);
      control.over = Control::Over::Items;
      control.items = items.data();
      control.size = items.size();
      control.boxed = over.type().element == nullptr;
      return true;
    }
    case Kind::Map: {
      auto entries = map_sorted(heap_, over);
      control.over = Control::Over::Entries;
      control.entries = entries.data();
      control.size = entries.size();
      control.boxed = over.type().element == nullptr;
      return true;
    }
    case Kind::Bytes:
      control.over = Control::Over::Bytes;
      control.bytes = over.as_string().data();
      control.size = over.as_string().size();
      return true;
    default:
      return fail(cat("range can't iterate over ", value_text(heap_, over)));
  }
}

bool Machine::next_item(bool& more) {
  Control& control = controls_.back();
  variables_.resize(control.body_mark);
  more = control.index < control.size;
  if (!more) return true;
  size_t i = control.index++;
  Value index = Value::integer(static_cast<int64_t>(i));
  Value element;
  switch (control.over) {
    case Control::Over::Count:
      element = Value::integer(static_cast<int64_t>(i), control.number);
      index = Value();
      break;
    case Control::Over::Items:
      element = control.items[i];
      break;
    case Control::Over::Entries:
      index = Value::string(control.entries[i].key);
      element = control.entries[i].value;
      break;
    case Control::Over::Bytes:
      element = Value::unsigned_integer(static_cast<unsigned char>(control.bytes[i]), Kind::Uint8);
      break;
    case Control::Over::Nothing:
      break;
  }
  if (control.boxed) element = element.boxed();
  frames_.back().dot = element;
  return set_range_variables(*control.pipe, index, element);
}

bool Machine::set_range_variables(const PipeNode& pipe, const Value& index, const Value& element) {
  size_t count = pipe.declared.size();
  if (count == 0) return true;
  if (pipe.assigns) {
    if (count == 1) return set_variable(*pipe.declared[0], element);
    return set_variable(*pipe.declared[0], index) && set_variable(*pipe.declared[1], element);
  }
  variables_[variables_.size() - 1].value = element;
  if (count > 1) variables_[variables_.size() - 2].value = index;
  return true;
}

bool Machine::call_template(const TemplateCallNode& call, size_t bottom) {
  at_ = &call;
  const Template* callee = lookup(call.name);
  if (!callee) return fail(cat("template ", quote(call.name), " not defined"));
  size_t depth = frames_.size() - bottom - 1;
  if (depth == execution_.limits_.template_depth) {
    return fail(cat("exceeded maximum template depth (", execution_.limits_.template_depth, ")"));
  }
  Value dot;
  Value outer_dot = frames_.back().dot;
  if (call.pipe && !pipeline(*call.pipe, outer_dot, dot)) return false;
  running_ = callee;
  frames_.push_back(Frame{callee, callee->code.data(), dot, variables_.size()});
  variables_.push_back(Variable{0, dot});
  return true;
}

bool Machine::print(const ActionNode& action, const Value& value) {
  at_ = &action;
  if (value.is_nil()) {
    out_->append("<no value>");
    return true;
  }
  if (value.is_string()) {
    out_->append(value.as_string());
    return true;
  }
  if (value.kind() == Kind::Func) {
    return fail(cat("can't print ", print_node(action), " of type ", value.type().name));
  }
  if (value.type().text_by_address) {
    out_->append(value.type().text(value));
    return true;
  }
  append_value(heap_, *out_, value);
  return !heap_.exhausted() || step();  // it was cut off: the step says so
}

}  // namespace fleet::gotemplate
