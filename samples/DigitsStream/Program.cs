using Psyne.Flow.Samples.Digits;

return await SampleProgram.RunAsync(args, "C#", DigitsPipeline.Build);
