Console.WriteLine("vmcluster");
