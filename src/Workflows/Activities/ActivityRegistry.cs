using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Workflows.Activities;

/// <summary>The activity types that this host can run, by type name.</summary>
public sealed class ActivityRegistry
{
    private readonly Dictionary<string, ActivityDescriptor> _descriptors = new(StringComparer.Ordinal);

    internal ActivityRegistry(IServiceProvider services, IEnumerable<Assembly> assemblies)
    {
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()))
        {
            if (type.IsDefined(typeof(ActivityAttribute), inherit: false))
                Add(new ActivityDescriptor(type, (Activity)ActivatorUtilities.CreateInstance(services, type)));
        }
    }

    public IReadOnlyCollection<ActivityDescriptor> Descriptors => _descriptors.Values;

    public ActivityDescriptor? Find(string typeName) => _descriptors.GetValueOrDefault(typeName);

    /// <summary>A fresh instance for one attempt, with its inputs and outputs named.</summary>
    internal Activity Create(ActivityNode node, IServiceProvider services)
    {
        var descriptor = _descriptors[node.Type];
        var activity = (Activity)ActivatorUtilities.CreateInstance(services, descriptor.ClrType);
        descriptor.Prepare(activity, node);
        return activity;
    }

    private void Add(ActivityDescriptor descriptor) => _descriptors.Add(descriptor.TypeName, descriptor);
}
