using System.Collections;
using VmCluster.Workflows;

namespace VmCluster.Host.Api;

/// <summary>The editor that Studio shows for an input, and what it is to be told.</summary>
internal sealed record InputEditor(string UiHint, IReadOnlyDictionary<string, object> Specifications)
{
    public static InputEditor For(Type type, InputAttribute attribute, IReadOnlyList<string>? given)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var options = given ?? (type.IsEnum ? Enum.GetNames(type) : null);
        var hint = attribute.UIHint ?? HintFor(type, options);
        var items = options?.Select(option => new Choice(option, option));
        object? specification = hint switch
        {
            InputUIHints.DropDown when items is not null => new { SelectList = new { Items = items, IsFlagsEnum = false } },
            InputUIHints.RadioList when items is not null => new { RadioList = new { Items = items } },
            InputUIHints.CheckList when items is not null => new { CheckList = new { Items = items, IsFlagsEnum = false } },
            InputUIHints.SingleLine when attribute.Unit is { } unit => new { AdornmentText = unit },
            // The height is read as a number: 1 is large.
            InputUIHints.CodeEditor => new { attribute.Language, EditorHeight = 1, SingleLineMode = false },
            _ => null,
        };
        return new InputEditor(hint, specification is null ? new Dictionary<string, object>() : new Dictionary<string, object> { [hint] = specification });
    }

    private static string HintFor(Type type, IReadOnlyList<string>? options) => type switch
    {
        _ when options is not null => InputUIHints.DropDown,
        _ when type == typeof(bool) => InputUIHints.Checkbox,
        _ when type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) => InputUIHints.MultiText,
        _ => InputUIHints.SingleLine,
    };

    private sealed record Choice(string Text, string Value);
}
