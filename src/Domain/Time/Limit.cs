using NodaTime;

namespace SlaMonitor.Domain.Time;

/// <summary>A promised duration. Counts are whole units, lengths are whole ticks, neither negative.</summary>
public abstract record Limit
{
    private Limit()
    {
    }

    /// <summary>The unit <c>used</c> and <c>remaining</c> are told in.</summary>
    public abstract AmountUnit Unit { get; }

    /// <summary>How much of the unit is promised; 0 where the limit is an instant.</summary>
    public abstract Fraction Total { get; }

    /// <summary>True when a pause moves the due instant. A deadline and a same-day limit stand whatever happens.</summary>
    public virtual bool CanPause => true;

    /// <summary>The same limit with another total, as after an extension.</summary>
    public abstract Limit WithTotal(Fraction total);

    /// <summary>
    /// Whole working days; the day the clock starts is not counted (Civil Code 201 of the PRC, Administrative Licensing
    /// Law 82). Due at close of business, or the midnight that ends it, of the n-th working day after D(start).
    /// </summary>
    public sealed record WorkingDays(int Count, DayEnd Ends = DayEnd.CloseOfBusiness) : Limit
    {
        /// <inheritdoc/>
        public override AmountUnit Unit => AmountUnit.WorkingDays;

        /// <inheritdoc/>
        public override Fraction Total => Count;

        /// <inheritdoc/>
        public override Limit WithTotal(Fraction total) => this with { Count = checked((int)total.Ceiling) };
    }

    /// <summary>
    /// Working days as they elapse, 10:00 to 10:00 where days are alike: due where p reaches p(start) + n. The clock of
    /// China's electronic supervision systems, harsher than the legal count.
    /// </summary>
    public sealed record ElapsedWorkingDays(int Count, Boundary Boundary = Boundary.Close) : Limit
    {
        /// <inheritdoc/>
        public override AmountUnit Unit => AmountUnit.ElapsedWorkingDays;

        /// <inheritdoc/>
        public override Fraction Total => Count;

        /// <inheritdoc/>
        public override Limit WithTotal(Fraction total) => this with { Count = checked((int)total.Ceiling) };
    }

    /// <summary>
    /// Calendar days; the day of start is not counted. Roll moves a closed last day to the next working day (Civil
    /// Code 203).
    /// </summary>
    public sealed record CalendarDays(int Count, DayEnd Ends = DayEnd.CloseOfBusiness, bool Roll = true) : Limit
    {
        /// <inheritdoc/>
        public override AmountUnit Unit => AmountUnit.CalendarDays;

        /// <inheritdoc/>
        public override Fraction Total => Count;

        /// <inheritdoc/>
        public override Limit WithTotal(Fraction total) => this with { Count = checked((int)total.Ceiling) };
    }

    /// <summary>Business time of the calendar.</summary>
    public sealed record WorkingTime(Duration Length, Boundary Boundary = Boundary.Close) : Limit
    {
        /// <inheritdoc/>
        public override AmountUnit Unit => AmountUnit.WorkingTime;

        /// <inheritdoc/>
        public override Fraction Total => Tick.Of(Length);

        /// <inheritdoc/>
        public override Limit WithTotal(Fraction total) => this with { Length = Tick.ToDuration(total.Ceiling) };
    }

    /// <summary>Wall-clock duration.</summary>
    public sealed record Elapsed(Duration Length) : Limit
    {
        /// <inheritdoc/>
        public override AmountUnit Unit => AmountUnit.Elapsed;

        /// <inheritdoc/>
        public override Fraction Total => Tick.Of(Length);

        /// <inheritdoc/>
        public override Limit WithTotal(Fraction total) => this with { Length = Tick.ToDuration(total.Ceiling) };
    }

    /// <summary>Instant cases (即办件): close of business of D(start).</summary>
    public sealed record SameDay : Limit
    {
        /// <inheritdoc/>
        public override AmountUnit Unit => AmountUnit.WorkingTime;

        /// <inheritdoc/>
        public override Fraction Total => 0;

        /// <inheritdoc/>
        public override bool CanPause => false;

        /// <inheritdoc/>
        public override Limit WithTotal(Fraction total) => this;
    }

    /// <summary>Close of business of a date that the start event carries; of a closed day, of the next working day (Civil Code 203).</summary>
    public sealed record OnDate(LocalDate Date) : Limit
    {
        /// <inheritdoc/>
        public override AmountUnit Unit => AmountUnit.Elapsed;

        /// <inheritdoc/>
        public override Fraction Total => 0;

        /// <inheritdoc/>
        public override bool CanPause => false;

        /// <inheritdoc/>
        public override Limit WithTotal(Fraction total) => this;
    }

    /// <summary>An instant that the start event carries.</summary>
    public sealed record Deadline(Instant At) : Limit
    {
        /// <inheritdoc/>
        public override AmountUnit Unit => AmountUnit.Elapsed;

        /// <inheritdoc/>
        public override Fraction Total => 0;

        /// <inheritdoc/>
        public override bool CanPause => false;

        /// <inheritdoc/>
        public override Limit WithTotal(Fraction total) => this;
    }
}

/// <summary>When on its last day a limit in days runs out.</summary>
public enum DayEnd
{
    /// <summary>At close of business; a closed day then ends at its midnight.</summary>
    CloseOfBusiness,

    /// <summary>At the midnight that ends the day.</summary>
    EndOfDay,

    /// <summary>At the wall-clock time the clock started, across DST too. Calendar days only.</summary>
    SameTime,
}

/// <summary>Where a limit that runs out exactly at closing is due; the field's products disagree.</summary>
public enum Boundary
{
    /// <summary>At that closing.</summary>
    Close,

    /// <summary>At the next opening.</summary>
    Open,
}

/// <summary>Units of used and remaining amounts.</summary>
public enum AmountUnit
{
    /// <summary>Whole working days.</summary>
    WorkingDays,

    /// <summary>Working days and shares of them.</summary>
    ElapsedWorkingDays,

    /// <summary>Whole calendar days.</summary>
    CalendarDays,

    /// <summary>Ticks of business time.</summary>
    WorkingTime,

    /// <summary>Ticks of wall time.</summary>
    Elapsed,
}

/// <summary>A used or remaining amount: days, or ticks, by its unit. Remaining is negative once overrun.</summary>
public readonly record struct Amount(AmountUnit Unit, Fraction Value);
